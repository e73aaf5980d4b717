import assert from "node:assert/strict";
import { test } from "node:test";
import { NOT_LISTED } from "../../src/base/roster.ts";
import { type Spoke, TimerWheel } from "../../src/base/timer_wheel.ts";
import { seededRandom } from "../support/chunkers.ts";
import { ManualClock } from "../support/manual_clock.ts";

const LONGEST_MS = 6_400;
/** A 64th of the longest delay. */
const TICK_MS = 100;

interface Named extends Spoke {
  readonly name: string;
}

const named = (name: string): Named => ({ name, rosterIndex: NOT_LISTED, wheelSlot: 0 });

function wheel(then: (item: Named) => void = () => undefined) {
  const clock = new ManualClock();
  const ran: string[] = [];
  const made = new TimerWheel<Named>(clock, LONGEST_MS, (item) => {
    ran.push(item.name);
    then(item);
  });
  return { clock, ran, wheel: made };
}

for (const delayMs of [1, 99, 100, 101, 3_200, LONGEST_MS]) {
  test(`TimerWheel.set() runs an item once, ${delayMs} ms later or up to a tick behind that`, () => {
    const made = wheel();
    made.wheel.set(named("a"), delayMs);
    made.clock.advance(delayMs - 1);
    assert.deepEqual(made.ran, []);
    made.clock.advance(1 + TICK_MS);
    assert.deepEqual(made.ran, ["a"]);
    made.clock.advance(3 * LONGEST_MS);
    assert.deepEqual(made.ran, ["a"]);
  });
}

test("TimerWheel.set() between two ticks makes nothing due too early, and nothing a turn too late", () => {
  for (const betweenMs of [1, 50, 99]) {
    for (const delayMs of [1, TICK_MS, LONGEST_MS - 1, LONGEST_MS]) {
      const made = wheel();
      made.wheel.set(named("first"), LONGEST_MS);
      made.clock.advance(betweenMs);
      made.wheel.set(named("a"), delayMs);
      made.clock.advance(delayMs - 1);
      assert.equal(made.ran.includes("a"), false, `${betweenMs} ${delayMs}`);
      made.clock.advance(1 + TICK_MS);
      assert.equal(made.ran.includes("a"), true, `${betweenMs} ${delayMs}`);
    }
  }
});

test("TimerWheel.set() says when an item is due in fact, also between two ticks", () => {
  for (const betweenMs of [0, 1, 99]) {
    for (const delayMs of [1, TICK_MS, TICK_MS + 1, LONGEST_MS]) {
      const made = wheel();
      made.wheel.set(named("first"), LONGEST_MS);
      made.clock.advance(betweenMs);
      const dueInMs = made.wheel.set(named("a"), delayMs);
      made.clock.advance(dueInMs - 1);
      assert.equal(made.ran.includes("a"), false, `${betweenMs} ${delayMs}`);
      made.clock.advance(1);
      assert.equal(made.ran.includes("a"), true, `${betweenMs} ${delayMs}`);
    }
  }
});

test("TimerWheel.set() moves an item that is set", () => {
  const made = wheel();
  const item = named("a");
  made.wheel.set(item, 1_000);
  made.wheel.set(item, 2_000);
  assert.equal(made.wheel.size, 1);
  made.clock.advance(1_900);
  assert.deepEqual(made.ran, []);
  made.clock.advance(200);
  assert.deepEqual(made.ran, ["a"]);
});

test("TimerWheel.delete() takes an item off, and one that is not on is none of its business", () => {
  const made = wheel();
  const [first, second] = [named("a"), named("b")];
  for (const item of [first, second]) made.wheel.set(item, 500);
  made.wheel.delete(first);
  made.wheel.delete(first);
  assert.deepEqual(made.wheel.list(), [second]);
  made.clock.advance(600);
  assert.deepEqual(made.ran, ["b"]);
});

test("TimerWheel has one timer for all items, and none without any", () => {
  const made = wheel();
  const [first, second] = [named("a"), named("b")];
  assert.equal(made.clock.pending, 0);
  for (const item of [first, second]) made.wheel.set(item, 500);
  assert.equal(made.clock.pending, 1);
  made.wheel.delete(first);
  assert.equal(made.clock.pending, 1);
  made.wheel.delete(second);
  assert.equal(made.clock.pending, 0);
  made.wheel.set(first, 100);
  made.clock.advance(200);
  assert.deepEqual([made.ran, made.clock.pending, made.wheel.size], [["a"], 0, 0]);
});

test("TimerWheel lets what it runs be set again, and others taken off, meanwhile", () => {
  const [first, second] = [named("a"), named("b")];
  const made = wheel((item) => {
    if (item === first) made.wheel.delete(second);
    if (made.ran.length < 3) made.wheel.set(item, LONGEST_MS);
  });
  for (const item of [first, second]) made.wheel.set(item, 500);
  made.clock.advance(10 * LONGEST_MS);
  assert.deepEqual(made.ran, ["a", "a", "a"]);
  assert.equal(made.wheel.size, 0);
});

test("TimerWheel runs an item once that is set for the same slot while that slot is run", () => {
  const [first, second] = [named("a"), named("b")];
  const made = wheel((item) => item === first && made.wheel.set(second, LONGEST_MS));
  for (const item of [first, second]) made.wheel.set(item, 100);
  made.clock.advance(150);
  assert.deepEqual(made.ran, ["a"]);
  made.clock.advance(LONGEST_MS + TICK_MS);
  assert.deepEqual(made.ran, ["a", "b"]);
});

test("TimerWheel makes up for no tick when the event loop was held up", () => {
  const made = wheel();
  made.wheel.set(named("a"), 3_000);
  made.clock.jump(60_000);
  made.clock.advance(2_800);
  assert.deepEqual(made.ran, []);
  made.clock.advance(200);
  assert.deepEqual(made.ran, ["a"]);
});

test("TimerWheel runs within the longest delay also when the clock is set back", () => {
  const made = wheel();
  made.wheel.set(named("first"), LONGEST_MS);
  made.clock.jump(-86_400_000);
  made.wheel.set(named("a"), LONGEST_MS);
  made.clock.advance(LONGEST_MS + TICK_MS + 86_400_000);
  assert.deepEqual(made.ran, ["first", "a"]);
});

test("TimerWheel agrees with a list of deadlines, whatever is set, moved and taken off", () => {
  const random = seededRandom(6);
  const made = wheel();
  const items = Array.from({ length: 50 }, (_, i) => named(String(i)));
  const dueAtMs = new Map<string, number>();
  for (let step = 0; step < 3_000; step++) {
    const item = items[Math.floor(random() * items.length)] as Named;
    if (random() < 0.2) {
      made.wheel.delete(item);
      dueAtMs.delete(item.name);
    } else {
      const delayMs = 1 + Math.floor(random() * LONGEST_MS);
      made.wheel.set(item, delayMs);
      dueAtMs.set(item.name, made.clock.now() + delayMs);
    }
    made.ran.length = 0;
    made.clock.advance(Math.floor(random() * 200));
    for (const name of made.ran) {
      const due = dueAtMs.get(name) as number;
      assert.ok(due <= made.clock.now(), `${name} ran too early`);
      dueAtMs.delete(name);
    }
    for (const [name, due] of dueAtMs) assert.ok(due + TICK_MS >= made.clock.now(), `${name} is late`);
    assert.equal(made.wheel.size, dueAtMs.size);
  }
});
