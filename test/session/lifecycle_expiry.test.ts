import assert from "node:assert/strict";
import { test } from "node:test";
import { SESSION_ENDS } from "../../src/session/session_end.ts";
import { testLeases } from "../support/session_leases.ts";
import { NOW_MS } from "../support/tokens.ts";

const DAY_MS = 86_400_000;
const EXPIRED = { code: 3000, reason: SESSION_ENDS.expired.tells };

for (const lifeMs of [1_000, 60_000, DAY_MS, 30 * DAY_MS]) {
  test(`Lifecycle tells a client at exactly four fifths of a lease of ${lifeMs} ms, and ends it at its end`, () => {
    const expiresAtMs = NOW_MS + lifeMs;
    const { enter, clock, told, audit } = testLeases();
    const { session, sender } = enter("ada", ["member"], { expiresAtMs });
    clock.advance(0.8 * lifeMs - 1);
    assert.deepEqual(sender.texts, []);
    clock.advance(1);
    assert.deepEqual(sender.replies, [{ type: "auth.expiring", data: { expiresAt: expiresAtMs } }]);
    clock.advance(0.2 * lifeMs - 1);
    assert.deepEqual([sender.texts.length, sender.open, audit], [1, true, []]);
    clock.advance(1);
    assert.deepEqual([sender.texts.length, sender.closes], [1, [EXPIRED]]);
    assert.deepEqual([session.end, told], ["expired", ["ada present", "ada expired"]]);
    const about = { subject: "ada", sessionId: session.id };
    assert.deepEqual(audit, [{ event: "session_expired", atMs: expiresAtMs, reason: "expired", ...about }]);
  });
}

test("Lifecycle ends each session at its own time, with one timer for all of them", () => {
  const { enter, clock, registry } = testLeases({ limits: { presenceGraceMs: 0 } });
  for (let at = 0; at < 1_000; at++) {
    enter(`user ${at}`, [], { expiresAtMs: NOW_MS + 10_000 + 10 * at });
    assert.equal(clock.pending, 1);
  }
  for (let left = 1_000; left > 0; left -= 100) {
    assert.equal(registry.size, left);
    clock.advance(left === 1_000 ? 10_990 : 1_000);
  }
  assert.deepEqual([registry.size, clock.pending], [0, 0]);
});

test("Lifecycle only ends what was over when it could look again, and tells it nothing more", () => {
  const { enter, clock, audit } = testLeases();
  const { sender } = enter("ada", []);
  // As when a machine slept: the timer for the notice fires behind the end.
  clock.jump(DAY_MS);
  clock.advance(60_000);
  assert.deepEqual([sender.texts, sender.closes], [[], [EXPIRED]]);
  assert.deepEqual(audit.map(({ event }) => event), ["session_expired"]);
});

test("Lifecycle ends nobody too early when the clock is set back", () => {
  const { enter, clock } = testLeases();
  const { sender } = enter("ada", []);
  clock.jump(-DAY_MS);
  clock.advance(DAY_MS + 47_999);
  assert.deepEqual([sender.texts, sender.open], [[], true]);
  clock.advance(1);
  assert.equal(sender.texts.length, 1);
});

test("Lifecycle forgets a session that has ended before its lease", () => {
  const { enter, lifecycle, clock, audit } = testLeases({ limits: { presenceGraceMs: 0 } });
  const { session, sender } = enter("ada", []);
  lifecycle.end(session, "left");
  clock.advance(DAY_MS);
  assert.deepEqual([sender.texts, sender.closes, audit, clock.pending], [[], [], [], 0]);
});

test("Lifecycle.lease() tells nobody a second time of an end that stays the same, as when roles change", () => {
  const { enter, lifecycle, clock } = testLeases();
  const { session, sender } = enter("ada", ["member"]);
  clock.advance(48_000);
  assert.equal(sender.texts.length, 1);
  lifecycle.lease(session, session.identity, new Set(["guest"]), session.leasedAtMs);
  clock.advance(11_999);
  assert.deepEqual([sender.texts.length, sender.open], [1, true]);
  clock.advance(1);
  assert.deepEqual([sender.texts.length, sender.closes], [1, [EXPIRED]]);
});
