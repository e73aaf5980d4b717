/** The stated bound: from the return of revoke() on, within the process, nothing of the subject is handled any more. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import { bearer, mint } from "../support/minted.ts";
import { untilClose } from "../support/conversation.ts";
import { type Deed, hostSmallGate, type SmallGate } from "../support/gate_small.ts";
import type { RawClient } from "../support/raw_http.ts";
import { close } from "../support/raw_http_frames.ts";
import { envelope } from "../support/server_gate.ts";
import { signal } from "../support/server.ts";

const MESSAGES = 10_000;
const TABS = 4;
/** Revoked when so many have been handled, while the others are on their way: the next one is in the very same chunk. */
const REVOKE_AT = 3_001;

/** How the messages are written: all in one go, or in chunks that cut frames anywhere. */
const WAYS: Readonly<Record<string, (client: RawClient, bytes: Buffer) => unknown>> = {
  "written in one go": (client, bytes) => client.write(bytes),
  "written in chunks of 777 bytes": (client, bytes) => {
    for (let at = 0; at < bytes.length; at += 777) client.write(bytes.subarray(at, at + 777));
  },
  "written in chunks of 16 KiB, a turn apart": async (client, bytes) => {
    for (let at = 0; at < bytes.length; at += 16_384) {
      client.write(bytes.subarray(at, at + 16_384));
      await setImmediate();
    }
  },
};

/** Who revokes: the handler of the very message, an admin's handler, or the program, between two turns. */
type Revoker = "handler" | "admin" | "program";

interface Run {
  readonly target: SmallGate;
  readonly tabs: readonly RawClient[];
  /** Resolves when all has been written. */
  readonly written: Promise<unknown>;
  /** How many messages were handled when revoke() returned, and how many deliveries had been made. */
  readonly atRevoke: { handled: number; sent: number };
  readonly counts: { handled: number; sent: number };
}

/** Lets the messages loose, and waits until the subject has been revoked. */
async function run(revoker: Revoker, write: (client: RawClient, bytes: Buffer) => unknown): Promise<Run> {
  const counts = { handled: 0, sent: 0 };
  const atRevoke = { handled: NaN, sent: NaN };
  const underWay = signal();
  const revoked = signal();
  const revoke = () => {
    target.gate.revoke({ subject: "ada" });
    Object.assign(atRevoke, counts);
    revoked.resolve();
  };
  const act: Deed = (_data, { session, groups }) => {
    counts.handled++;
    // Each handled message makes a delivery to all: to every tab of the subject, while it is there.
    if (groups.send({ subject: session.subject }, "news", counts.handled) > 0) counts.sent++;
    if (counts.handled === REVOKE_AT) {
      if (revoker === "handler") revoke();
      underWay.resolve();
    }
    if (counts.handled % 100 !== 0) return undefined;
    // Now and then a handler that waits, so that others have their turn while all the rest is in flight. How many turns an
    // admin's packet takes is the runtime's business; the handlers wait for that very one.
    return revoker === "admin" && counts.handled >= REVOKE_AT ? revoked.promise : setImmediate();
  };
  const target = await hostSmallGate({
    deeds: { act, rule: revoke },
    limits: { maxQueuedBytes: 64_000_000 },
  });
  const token = mint(target.clock);
  const admin = await target.enter(mint(target.clock, { sub: "root", roles: ["admin"] }));
  const tabs = await Promise.all(
    Array.from({ length: TABS }, async () => (await target.enter(token)).client),
  );
  const each = Array.from({ length: MESSAGES / TABS }, (_, index) => envelope("act", String(index), index));
  const written = Promise.all(tabs.map((tab) => write(tab, Buffer.concat(each))));
  await underWay.promise;
  if (revoker === "admin") admin.client.write(envelope("rule", "now"));
  if (revoker === "program") revoke();
  await revoked.promise;
  return { target, tabs, written, atRevoke, counts };
}

for (const [way, write] of Object.entries(WAYS)) {
  for (const revoker of ["handler", "admin", "program"] as const) {
    const name =
      `Gate handles none of ${MESSAGES} messages, ${way}, after revoke() by the ${revoker} has returned`;
    test(name, async (context) => {
      const { target, tabs, written, atRevoke, counts } = await run(revoker, write);
      assert.equal(target.gate.groups.send({ subject: "ada" }, "news", "after"), 0);
      await written;
      let read = 0;
      for (const tab of tabs) {
        const { told, close: said } = await untilClose(tab);
        assert.equal(said, "close 3003 Your token has been revoked.");
        const latest = told.filter(({ type }) => type === "news").map(({ data }) => Number(data));
        assert.ok(latest.length > 0 && latest.every((data) => data <= atRevoke.handled), "no later delivery");
        read += told.filter(({ type }) => type === "ok").length;
        tab.write(close(3003));
        assert.equal((await tab.finished).rest.length, 0, "nothing behind the Close frame");
      }
      // The server has read all that was sent to it by now: the tabs have had the end of TCP.
      assert.deepEqual({ ...counts }, { ...atRevoke });
      assert.ok(atRevoke.handled >= REVOKE_AT && atRevoke.handled < MESSAGES, "some were left to be handled");
      assert.ok(read <= atRevoke.handled);
      const { client, answer } = await target.knock({ fields: bearer(mint(target.clock)) });
      assert.equal(answer.status, 401);
      await client.finished;
      context.diagnostic(
        `${atRevoke.handled} of ${MESSAGES} handled when revoke() returned, ${counts.handled} in the end`,
      );
      await target.stop();
    });
  }
}
