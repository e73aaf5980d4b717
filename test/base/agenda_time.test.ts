import assert from "node:assert/strict";
import { test } from "node:test";
import { START_MS, testAgenda } from "../support/agenda.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

for (const days of [1, 24, 25, 50, 400]) {
  test(`Agenda waits ${days} days in steps of at most a minute, and is on time`, () => {
    const { clock, ran, set } = testAgenda();
    // Not a whole number of minutes: the last step is shorter.
    const afterMs = days * DAY_MS + 1_234;
    set("far", afterMs);
    // A machine that sleeps lets no timer run meanwhile: the first one that does finds out where time stands.
    clock.nowMs += afterMs - 3 * MINUTE_MS;
    for (let steps = 0; ran.length === 0 && steps < 10; steps++) clock.wake();
    assert.deepEqual(ran, [`far at ${afterMs}`]);
    assert.ok(clock.delays.every((delayMs) => delayMs >= 1 && delayMs <= MINUTE_MS));
  });
}

test("Agenda runs what is due already a millisecond later, not within set()", () => {
  for (const afterMs of [0, -1, -DAY_MS]) {
    const { clock, ran, set } = testAgenda();
    set("late", afterMs);
    assert.deepEqual([ran, clock.delays], [[], [1]]);
    clock.wake();
    assert.deepEqual(ran, ["late at 1"]);
  }
});

test("Agenda does not spin when its timer fires before the clock has got there", () => {
  const { clock, ran, set } = testAgenda();
  set("a", 100);
  clock.wake(0.4);
  assert.deepEqual(ran, []);
  // Each attempt waits for at least a millisecond, whatever is left.
  assert.deepEqual(clock.delays, [100, 1]);
  clock.wake(0.7);
  assert.deepEqual([ran, clock.delays], [[], [100, 1, 1]]);
  clock.wake();
  assert.deepEqual(ran.length, 1);
  assert.ok(clock.nowMs - START_MS < 102);
});

test("Agenda asks for whole milliseconds, and never runs an item too early for a fraction", () => {
  const { clock, ran, set } = testAgenda();
  set("a", 10.25);
  assert.deepEqual(clock.delays, [11]);
  clock.wake();
  assert.deepEqual(ran, ["a at 11"]);
});

test("Agenda runs nothing too early when the clock is set back, and takes new items in time", () => {
  const { clock, ran, set } = testAgenda();
  set("old", 10_000);
  clock.nowMs -= DAY_MS;
  set("new", 50);
  assert.deepEqual(clock.delays, [10_000, 50]);
  clock.wake();
  assert.deepEqual(ran, [`new at ${50 - DAY_MS}`]);
  // The old one is due when the clock says so, a day later; until then it is asked about once a minute.
  clock.wake();
  assert.deepEqual([ran.length, clock.delays.at(-1)], [1, MINUTE_MS]);
});

test("Agenda notices within a minute that the clock was set forward", () => {
  const { clock, ran, set } = testAgenda();
  set("a", 10 * DAY_MS);
  clock.nowMs += 10 * DAY_MS;
  // An item that is due sooner than the timer, by a clock that has not moved, does not hold it up either.
  set("b", 1_000);
  assert.equal(clock.pending, 1);
  clock.wake();
  assert.deepEqual(ran, [`a at ${10 * DAY_MS + MINUTE_MS}`, `b at ${10 * DAY_MS + MINUTE_MS}`]);
});
