import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { hmacKey } from "../../src/auth/key.ts";
import { KeyRing, type KeySource } from "../../src/auth/key_ring.ts";
import { bearer, mint } from "../support/minted.ts";
import { untilClose, untilReply } from "../support/conversation.ts";
import { hostSmallGate, type SmallGate, type SmallGateOptions } from "../support/gate_small.ts";
import { ask } from "../support/plain_http.ts";
import { envelope } from "../support/server_gate.ts";

const keyOf = (id: string) => hmacKey(Buffer.alloc(48, id), { id });
const [FIRST, SECOND, THIRD] = [keyOf("first"), keyOf("second"), keyOf("third")];
const EXPIRED = "close 3000 Your token has expired.";
const WITHDRAWN = "close 3000 The key of your token is not valid any more.";

/** A gate whose tokens are signed by the keys of a ring. */
async function hostRing(
  options: SmallGateOptions = {},
): Promise<SmallGate & { readonly ring: KeyRing; knocks(token: string): Promise<number> }> {
  const ring = new KeyRing({ current: FIRST });
  const target = await hostSmallGate({ keys: ring, ...options });
  const knocks = async (token: string) => {
    const { client, answer } = await target.knock({ fields: bearer(token) });
    client.end();
    return answer.status;
  };
  return { ...target, ring, knocks };
}

describe("A KeyRing rotates while the gate runs:", () => {
  test("the new key is good at once, the previous one until its time, and no longer", async () => {
    const { ring, clock, knocks, stop } = await hostRing();
    const old = mint(clock, { key: FIRST, lifetimeMs: 100_000 });
    const next = mint(clock, { key: SECOND, lifetimeMs: 100_000 });
    assert.deepEqual([await knocks(old), await knocks(next)], [101, 401]);
    ring.rotate(SECOND, { previousValidUntilMs: clock.now() + 10_000 });
    assert.deepEqual([await knocks(old), await knocks(next)], [101, 101]);
    clock.jump(9_999);
    assert.deepEqual([await knocks(old), await knocks(next)], [101, 101]);
    clock.jump(1);
    assert.deepEqual([await knocks(old), await knocks(next)], [401, 101]);
    await stop();
  });

  test("the key before the previous one is gone", async () => {
    const { ring, clock, knocks, stop } = await hostRing();
    const tokens = [FIRST, SECOND, THIRD].map((key) => mint(clock, { key }));
    ring.rotate(SECOND, { previousValidUntilMs: clock.now() + 10_000 });
    ring.rotate(THIRD, { previousValidUntilMs: clock.now() + 10_000 });
    const statuses = [];
    for (const token of tokens) statuses.push(await knocks(token));
    assert.deepEqual(statuses, [401, 101, 101]);
    await stop();
  });

  test("a session ends with the key that vouched for it, and is told so in time", async () => {
    const { ring, clock, enter, gate, stop } = await hostRing();
    const { client } = await enter(mint(clock, { key: FIRST, lifetimeMs: 100_000 }));
    const other = await enter(mint(clock, { sub: "mia", key: FIRST, lifetimeMs: 5_000 }));
    const end = clock.now() + 10_000;
    ring.rotate(SECOND, { previousValidUntilMs: end });
    const newer = await enter(mint(clock, { key: SECOND, lifetimeMs: 100_000 }));
    assert.deepEqual(await client.json(), {
      type: "auth.changed",
      data: { roles: ["member"], expiresAt: end },
    });
    clock.advance(5_000);
    assert.equal(
      (await untilClose(other.client)).told[0]?.["type"],
      "auth.expiring",
      "not sooner for the key",
    );
    clock.advance(4_999);
    assert.equal(gate.size, 2);
    clock.advance(1);
    assert.equal(gate.size, 1);
    const { told, close } = await untilClose(client);
    assert.deepEqual([told, close], [[{ type: "auth.expiring", data: { expiresAt: end } }], EXPIRED]);
    newer.client.write(envelope("act", "1"));
    assert.equal((await untilReply(newer.client, "1")).at(-1)?.["type"], "ok");
    await stop();
  });

  test("a session whose client refreshes in time goes on", async () => {
    const { ring, clock, enter, gate, stop } = await hostRing();
    const { client } = await enter(mint(clock, { key: FIRST, lifetimeMs: 100_000 }));
    ring.rotate(SECOND, { previousValidUntilMs: clock.now() + 10_000 });
    client.write(envelope("auth.refresh", "r", { token: mint(clock, { key: SECOND, lifetimeMs: 100_000 }) }));
    const { data } = (await untilReply(client, "r")).at(-1) ?? {};
    assert.deepEqual(data, { roles: ["member"], expiresAt: clock.now() + 100_000 });
    clock.advance(20_000);
    assert.equal(gate.size, 1);
    await stop();
  });

  test("a refresh with a token of the previous key lasts as long as the key", async () => {
    const { ring, clock, enter, gate, stop } = await hostRing();
    const { client } = await enter(mint(clock, { key: FIRST, lifetimeMs: 5_000 }));
    ring.rotate(SECOND, { previousValidUntilMs: clock.now() + 10_000 });
    client.write(envelope("auth.refresh", "r", { token: mint(clock, { key: FIRST, lifetimeMs: 100_000 }) }));
    const { data } = (await untilReply(client, "r")).at(-1) ?? {};
    assert.deepEqual(data, { roles: ["member"], expiresAt: clock.now() + 10_000 });
    clock.advance(9_999);
    assert.equal(gate.size, 1);
    clock.advance(1);
    assert.equal(gate.size, 0);
    await stop();
  });

  test("a key that is withdrawn at once ends its sessions now, and its tokens are told from bad ones in the log", async () => {
    const { ring, clock, enter, knocks, gate, audit, stop } = await hostRing();
    const old = mint(clock, { key: FIRST });
    const { client } = await enter(old);
    ring.rotate(SECOND, { previousValidUntilMs: clock.now() });
    assert.equal(gate.size, 0);
    assert.equal(gate.groups.send("everyone", "news", 1), 0);
    assert.deepEqual(await untilClose(client), { told: [], close: WITHDRAWN });
    assert.equal(await knocks(old), 401);
    assert.deepEqual(audit.at(-1)?.reason, "unknown_key");
    await stop();
  });

  test("a ticket for a token of a withdrawn key is worth nothing, and its use is audited", async () => {
    const { ring, clock, knock, port, audit, stop } = await hostRing({
      carriers: ["authorization", "ticket"],
      ticketPath: "/ticket",
    });
    const fields = bearer(mint(clock, { key: FIRST }));
    const { body } = await ask(port, { method: "POST", target: "/ticket", fields });
    const { ticket } = JSON.parse(body) as { readonly ticket: string };
    ring.rotate(SECOND, { previousValidUntilMs: clock.now() });
    const { answer } = await knock({ line: `GET /?ticket=${ticket} HTTP/1.1` });
    assert.equal(answer.status, 401);
    const { event, reason, carrier } = audit.at(-1) ?? {};
    assert.deepEqual([event, reason, carrier], ["authn_token_reuse", "key_withdrawn", "ticket"]);
    await stop();
  });

  test("an approval that is awaited meanwhile comes too late", async () => {
    const { ring, clock, knocks, stop } = await hostRing({
      approve: () => {
        ring.rotate(SECOND, { previousValidUntilMs: clock.now() });
        return true;
      },
    });
    assert.equal(await knocks(mint(clock, { key: FIRST })), 401);
    await stop();
  });

  test("what was revoked under the key stays revoked when the rotation is taken back", async () => {
    const { ring, clock, enter, knocks, gate, stop } = await hostRing();
    const token = mint(clock, { key: FIRST, lifetimeMs: 100_000, jti: "t1" });
    await enter(token);
    ring.rotate(SECOND, { previousValidUntilMs: clock.now() + 10_000 });
    gate.revoke({ tokenId: "t1" });
    clock.jump(20_000);
    ring.rotate(FIRST, { previousValidUntilMs: clock.now() + 10_000 });
    assert.equal(await knocks(token), 401);
    await stop();
  });
});

for (const how of ["close", "drain"] as const) {
  test(`Gate.${how}() lets go of the keys, which the next gate goes on with`, async () => {
    const ring = new KeyRing({ current: FIRST });
    let watching = 0;
    const keys: KeySource = {
      keyFor: (id, nowMs) => ring.keyFor(id, nowMs),
      validUntilMs: (id) => ring.validUntilMs(id),
      watch: (listener) => {
        const unwatch = ring.watch(listener);
        watching++;
        return () => {
          unwatch();
          watching--;
        };
      },
    };
    const { gate, stop } = await hostSmallGate({ keys });
    assert.equal(watching, 1);
    await gate[how]();
    assert.equal(watching, 0);
    await stop();
  });
}
