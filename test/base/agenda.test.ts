import assert from "node:assert/strict";
import { test } from "node:test";
import { type Named, named, START_MS, testAgenda } from "../support/agenda.ts";
import { seededRandom } from "../support/chunkers.ts";

const MINUTE_MS = 60_000;

test("Agenda runs each item once, in the order of time, and has no timer before and after", () => {
  const { clock, ran, made, set } = testAgenda();
  assert.equal(clock.pending, 0);
  set("b", 20);
  set("a", 10);
  set("c", 30);
  for (let left = 3; left > 0; left--) {
    assert.deepEqual([made.size, clock.pending], [left, 1]);
    clock.wake();
  }
  assert.deepEqual(ran, ["a at 10", "b at 20", "c at 30"]);
  assert.deepEqual([made.size, clock.pending], [0, 0]);
});

test("Agenda has one timer for 10,000 items, and runs all that are due when it fires", () => {
  const { clock, ran, made, set } = testAgenda();
  for (let at = 0; at < 10_000; at++) {
    set("x", 1_000 + at);
    assert.equal(clock.pending, 1);
  }
  assert.deepEqual(clock.delays, [1_000]);
  clock.nowMs += 5_999;
  clock.fire();
  assert.equal(ran.length, 5_000);
  assert.deepEqual([made.size, clock.pending, clock.delays.at(-1)], [5_000, 1, 1]);
});

test("Agenda sets its timer anew when an earlier item comes, and only then", () => {
  const { clock, set, made } = testAgenda();
  const first = set("a", 500);
  set("b", 600);
  made.set(first, START_MS + 550);
  assert.deepEqual(clock.delays, [500]);
  set("c", 100);
  assert.deepEqual(clock.delays, [500, 100]);
  made.set(first, START_MS + 50);
  assert.deepEqual(clock.delays, [500, 100, 50]);
  assert.equal(clock.pending, 1);
});

test("Agenda leaves its timer alone when it wakes before the new item anyhow", () => {
  const { clock, set } = testAgenda();
  set("far", 10 * MINUTE_MS);
  set("nearer", 2 * MINUTE_MS);
  assert.deepEqual(clock.delays, [MINUTE_MS]);
});

test("Agenda wakes for nothing when the first item has moved or left, and runs the next in time", () => {
  const { clock, ran, made, set } = testAgenda();
  const moved = set("moved", 10);
  const left = set("left", 20);
  set("stays", 30);
  made.set(moved, START_MS + 40);
  made.delete(left);
  clock.wake();
  assert.deepEqual(ran, []);
  clock.wake();
  clock.wake();
  assert.deepEqual(ran, ["stays at 30", "moved at 40"]);
});

test("Agenda.delete() takes the timer back with the last item, and does nothing for a stranger", () => {
  const { clock, ran, made, set } = testAgenda();
  const [one, two] = [set("one", 10), set("two", 20)];
  made.delete(one);
  made.delete(one);
  made.delete(named("stranger"));
  assert.deepEqual([made.size, clock.pending], [1, 1]);
  made.delete(two);
  assert.deepEqual([made.size, clock.pending], [0, 0]);
  made.delete(two);
  set("three", 5);
  clock.wake();
  assert.deepEqual(ran, ["three at 5"]);
});

test("Agenda takes items that are added, moved and removed while it runs, with one timer", () => {
  const [added, moved, removed] = [named("added"), named("moved"), named("removed")];
  const { clock, ran, made, set } = testAgenda(({ name }, nowMs) => {
    if (name !== "first") return;
    made.set(added, START_MS + 5); // Due before anything else was: runs in this very turn.
    made.set(moved, nowMs + 7);
    made.delete(removed);
    assert.equal(clock.pending, 0);
  });
  set("first", 10);
  made.set(removed, START_MS + 11);
  made.set(moved, START_MS + 12);
  // All three are due by now.
  clock.nowMs += 20;
  clock.fire();
  assert.deepEqual(ran, ["first at 20", "added at 20"]);
  clock.wake();
  assert.deepEqual(ran.at(-1), "moved at 27");
  assert.deepEqual([made.size, clock.pending, clock.delays], [0, 0, [10, 7]]);
});

test("Agenda has no timer when the last item removes the others while it runs", () => {
  const other = named("other");
  const { clock, ran, made, set } = testAgenda((item) => {
    if (item.name === "first") made.delete(other);
  });
  made.set(other, START_MS + 99);
  set("first", 10);
  clock.wake();
  assert.deepEqual([ran, made.size, clock.pending], [["first at 10"], 0, 0]);
});

for (const seed of [1, 2, 3]) {
  test(`Agenda runs each item at its time, and each removed one never, in 2,000 random steps (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const upTo = (count: number) => Math.floor(random() * count);
    const due = new Map<Named, number>();
    const { clock, made } = testAgenda((item, nowMs) => {
      assert.equal(due.get(item), nowMs);
      due.delete(item);
    });
    const items = Array.from({ length: 20 }, (_, at) => named(String(at)));
    for (let step = 0; step < 2_000; step++) {
      const item = items[upTo(items.length)] as Named;
      const choice = random();
      if (choice < 0.4) {
        const atMs = clock.nowMs + 1 + upTo(3 * MINUTE_MS);
        made.set(item, atMs);
        due.set(item, atMs);
      } else if (choice < 0.6) {
        made.delete(item);
        due.delete(item);
      } else if (clock.pending > 0) {
        clock.wake();
      }
      assert.equal(made.size, due.size);
      assert.equal(clock.pending, due.size === 0 ? 0 : 1);
      for (const atMs of due.values()) assert.ok(atMs > clock.nowMs);
    }
  });
}
