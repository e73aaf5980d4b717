import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { resolveLimits } from "../../src/base/limits.ts";
import { Drain } from "../../src/session/drain.ts";
import { testLeases } from "../support/session_leases.ts";
import type { RecordedSession } from "../support/sessions.ts";

const LIMITS = { reconnectSpreadMs: 1_000, drainNoticeMs: 300, drainBatchSessions: 2, drainTimeoutMs: 5_000 };

/** A drain of some sessions; randomness is the series 0.0, 0.1, 0.2 and so on. */
function house(subjects: readonly string[], limits: Partial<typeof LIMITS> = {}) {
  const { registry, lifecycle, clock, enter, audit, told } = testLeases();
  const sessions = subjects.map((subject) => enter(subject, ["member"]));
  let draws = 0;
  const drain = new Drain({
    registry,
    lifecycle,
    clock,
    limits: resolveLimits({ ...LIMITS, ...limits }),
    random: () => draws++ / 10,
  });
  let drained = false;
  const begin = () => void drain.begin().then(() => drained = true);
  const isDrained = async () => (await setImmediate(), drained);
  return { registry, clock, sessions, audit, told, begin, isDrained };
}

const byes = (sessions: readonly RecordedSession[]) =>
  sessions.map(({ sender }) =>
    (sender.replies as { readonly type: string; readonly data: unknown }[]).at(-1)?.data
  );
const codes = (sessions: readonly RecordedSession[]) => sessions.map(({ sender }) => sender.closes[0]?.code);

test("Drain.begin() tells each session another wait, some sessions at a time", () => {
  const { sessions, clock, begin } = house(["a", "b", "c"]);
  begin();
  assert.deepEqual(byes(sessions), [{ reconnectInMs: 0 }, { reconnectInMs: 100 }, undefined]);
  clock.advance(20);
  assert.deepEqual(byes(sessions), [{ reconnectInMs: 0 }, { reconnectInMs: 100 }, { reconnectInMs: 200 }]);
});

test("Drain.begin() closes with 1012 behind the notice, some at a time, and resolves when none is left", async () => {
  const { sessions, clock, begin, isDrained } = house(["a", "b", "c"]);
  begin();
  clock.advance(20 + 299);
  assert.deepEqual(codes(sessions), [undefined, undefined, undefined]);
  clock.advance(1);
  assert.deepEqual(codes(sessions), [1012, 1012, undefined]);
  assert.equal(await isDrained(), false);
  clock.advance(20);
  assert.deepEqual(codes(sessions), [1012, 1012, 1012]);
  assert.equal(await isDrained(), true);
  assert.equal(clock.pending > 0, true, "presence waits for whoever comes back");
});

test("Drain.begin() closes nobody whose message is being handled, until that is answered", async () => {
  const { sessions, clock, begin, isDrained } = house(["a", "b"]);
  const [busy] = sessions as [RecordedSession];
  busy.sender.waitsForHandler = true;
  begin();
  clock.advance(2_000);
  assert.deepEqual(codes(sessions), [undefined, 1012]);
  busy.sender.waitsForHandler = false;
  clock.advance(20);
  assert.deepEqual(codes(sessions), [1012, 1012]);
  assert.equal(await isDrained(), true);
});

test("Drain.begin() waits for no handler longer than drainTimeoutMs", async () => {
  const { sessions, clock, begin, isDrained } = house(["a"]);
  for (const { sender } of sessions) sender.waitsForHandler = true;
  begin();
  clock.advance(4_999);
  assert.equal(await isDrained(), false);
  clock.advance(20);
  assert.deepEqual(codes(sessions), [1012]);
  assert.equal(await isDrained(), true);
});

test("Drain.begin() is over behind drainTimeoutMs, however small its batches and long its notice", async () => {
  const everybody = Array.from({ length: 9 }, (_, i) => `${i}`);
  const { sessions, clock, begin, isDrained } = house(everybody, {
    drainTimeoutMs: 50,
    drainNoticeMs: 600_000,
  });
  begin();
  clock.advance(49);
  assert.deepEqual(byes(sessions).map((bye) => bye !== undefined), everybody.map((_, i) => i < 6));
  assert.equal(codes(sessions).every((code) => code === undefined), true);
  clock.advance(11);
  assert.equal(byes(sessions).every((bye) => bye !== undefined), true);
  assert.equal(codes(sessions).every((code) => code === 1012), true);
  assert.equal(await isDrained(), true);
});

test("Drain.begin() leaves no timer behind", () => {
  const { clock, begin } = house(["a"], { drainTimeoutMs: 600_000 });
  begin();
  clock.advance(60_000);
  assert.equal(clock.pending, 0);
});

test("Drain.begin() resolves at once when there is nobody, and sets no timer", async () => {
  const { clock, begin, isDrained } = house([]);
  begin();
  assert.equal(await isDrained(), true);
  assert.equal(clock.pending, 0);
});

test("Drain.begin() takes it when sessions leave by themselves", async () => {
  const { sessions, registry, clock, begin, isDrained } = house(["a", "b", "c"]);
  begin();
  for (const { session } of sessions) registry.remove(session);
  clock.advance(20 + 300);
  assert.equal(await isDrained(), true);
});

test("Drain.begin() writes no event down for each session, but tells each end", () => {
  const { clock, begin, audit, told } = house(["a", "b"]);
  begin();
  clock.advance(1_000);
  assert.deepEqual(audit, []);
  assert.deepEqual(told.filter((line) => line.endsWith("restart")), ["a restart", "b restart"]);
});
