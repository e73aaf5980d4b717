import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { clientActionFor } from "../../src/protocol/close_codes.ts";
import { SESSION_ENDS, type SessionEnd } from "../../src/session/session_end.ts";

/** The code of each end, and what a client does then. */
const ENDS: Readonly<Record<SessionEnd, readonly [code: number | undefined, client: string | undefined]>> = {
  left: [undefined, undefined],
  removed: [3003, "stop"],
  expired: [3000, "refresh"],
  // Whoever held a token of that key is as welcome as before, with a new one.
  key_withdrawn: [3000, "refresh"],
  revoked: [3003, "stop"],
  restart: [1012, "reconnect"],
  insistent: [1013, "backoff"],
  stopped: [1001, "reconnect"],
  replaced: [3003, "stop"],
};

for (const [end, [code, client]] of Object.entries(ENDS) as [SessionEnd, (typeof ENDS)[SessionEnd]][]) {
  test(`SESSION_ENDS.${end} closes with ${code}, at which a client does: ${client}`, () => {
    const row = SESSION_ENDS[end];
    assert.equal(row.close?.code, code);
    assert.equal(row.close?.client, client);
    if (code !== undefined) assert.equal(clientActionFor(code), client);
    // §5.5.1: what is told must fit into a Close frame.
    assert.ok(Buffer.byteLength(row.tells) <= 123);
    // That a server goes away, its code says.
    assert.equal(row.tells === "", code === undefined || end === "stopped");
  });
}

test("SESSION_ENDS has a row for each end, and no other", () => {
  assert.deepEqual(Object.keys(SESSION_ENDS).sort(), Object.keys(ENDS).sort());
});
