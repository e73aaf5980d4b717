import assert from "node:assert/strict";
import { test } from "node:test";
import { type Deadline, DeadlineQueue, NOT_QUEUED } from "../../src/base/deadline_queue.ts";
import { seededRandom } from "../support/chunkers.ts";

interface Named extends Deadline {
  readonly name: number;
}

function named(name: number): Named {
  return { name, dueAtMs: 0, queueIndex: NOT_QUEUED };
}

/** Takes everything out, the first first. */
function drain(queue: DeadlineQueue<Named>): Named[] {
  const items: Named[] = [];
  for (let item = queue.first; item !== undefined; item = queue.first) {
    queue.delete(item);
    items.push(item);
  }
  return items;
}

test("DeadlineQueue is empty at first, and again when its only item is gone", () => {
  const queue = new DeadlineQueue<Named>();
  assert.deepEqual([queue.size, queue.first], [0, undefined]);
  const item = named(1);
  queue.set(item, 5);
  assert.deepEqual([queue.size, queue.first, item.queueIndex, item.dueAtMs], [1, item, 0, 5]);
  queue.delete(item);
  assert.deepEqual([queue.size, queue.first, item.queueIndex], [0, undefined, NOT_QUEUED]);
});

test("DeadlineQueue.first is the earliest, in whatever order items were added", () => {
  for (const times of [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1], [3, 1, 2, 5, 4], [2, 2, 1, 1, 2]]) {
    const queue = new DeadlineQueue<Named>();
    for (const [name, atMs] of times.entries()) queue.set(named(name), atMs);
    assert.deepEqual(drain(queue).map(({ dueAtMs }) => dueAtMs), times.toSorted((a, b) => a - b));
  }
});

test("DeadlineQueue.set() moves an item that is there, both ways, and does not add it again", () => {
  const queue = new DeadlineQueue<Named>();
  const items = [10, 20, 30, 40].map((atMs) => {
    const item = named(atMs);
    queue.set(item, atMs);
    return item;
  });
  const [first, , , last] = items;
  assert.ok(first !== undefined && last !== undefined);
  queue.set(last, 5);
  assert.equal(queue.first, last);
  queue.set(last, 50);
  queue.set(first, 35);
  assert.equal(queue.size, 4);
  assert.deepEqual(drain(queue).map(({ name }) => name), [20, 30, 10, 40]);
});

test("DeadlineQueue.delete() leaves the queue alone when the item is in none, also the second time", () => {
  const queue = new DeadlineQueue<Named>();
  const [kept, gone, stranger] = [named(1), named(2), named(3)];
  queue.set(kept, 1);
  queue.set(gone, 2);
  for (const item of [gone, gone, stranger]) queue.delete(item);
  assert.deepEqual([queue.size, queue.first], [1, kept]);
});

test("DeadlineQueue takes deadlines without end, and such as are over", () => {
  const queue = new DeadlineQueue<Named>();
  for (const atMs of [Infinity, 0, -1, 8.64e15, 0.5]) queue.set(named(0), atMs);
  assert.deepEqual(drain(queue).map(({ dueAtMs }) => dueAtMs), [-1, 0, 0.5, 8.64e15, Infinity]);
});

/** What the queue should be: a list, looked through from end to end. */
class Model {
  readonly times = new Map<Named, number>();

  get firstAtMs(): number | undefined {
    return this.times.size === 0 ? undefined : Math.min(...this.times.values());
  }
}

function check(queue: DeadlineQueue<Named>, model: Model, items: readonly Named[]): void {
  assert.equal(queue.size, model.times.size);
  assert.equal(queue.first?.dueAtMs, model.firstAtMs);
  const places = new Set<number>();
  for (const item of items) {
    const wanted = model.times.get(item);
    if (wanted === undefined) {
      assert.equal(item.queueIndex, NOT_QUEUED);
    } else {
      assert.equal(item.dueAtMs, wanted);
      places.add(item.queueIndex);
    }
  }
  // Each has a place of its own, and there is no gap between them.
  assert.equal(places.size, queue.size);
  for (const place of places) assert.ok(place >= 0 && place < queue.size);
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`DeadlineQueue does what a plain list would do in 3,000 random steps (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const upTo = (count: number) => Math.floor(random() * count);
    const queue = new DeadlineQueue<Named>();
    const model = new Model();
    const items = Array.from({ length: 1 + upTo(40) }, (_, name) => named(name));
    for (let step = 0; step < 3_000; step++) {
      const item = items[upTo(items.length)];
      assert.ok(item !== undefined);
      // Few different times, so that many are the same.
      if (random() < 0.6) {
        const atMs = upTo(20);
        queue.set(item, atMs);
        model.times.set(item, atMs);
      } else {
        const chosen = random() < 0.5 ? item : queue.first ?? item;
        queue.delete(chosen);
        model.times.delete(chosen);
      }
      check(queue, model, items);
    }
    const left = [...model.times.values()].sort((a, b) => a - b);
    assert.deepEqual(drain(queue).map(({ dueAtMs }) => dueAtMs), left);
  });
}

/** Counts how often its deadline is looked at: what a move or a removal costs. */
class Counted implements Deadline {
  static looks = 0;
  queueIndex = NOT_QUEUED;
  #dueAtMs = 0;

  get dueAtMs(): number {
    Counted.looks++;
    return this.#dueAtMs;
  }

  set dueAtMs(atMs: number) {
    this.#dueAtMs = atMs;
  }
}

test("DeadlineQueue finds, moves and removes among 10,000 items with a few dozen comparisons", () => {
  const queue = new DeadlineQueue<Counted>();
  const items = Array.from({ length: 10_000 }, () => new Counted());
  for (const [at, item] of items.entries()) queue.set(item, (at * 7_919) % 10_007);
  const costOf = (act: () => void) => {
    Counted.looks = 0;
    act();
    return Counted.looks;
  };
  for (const [at, item] of items.entries()) {
    // 14 levels, at each of which two children and the item are compared.
    if (at % 2 === 0) assert.ok(costOf(() => queue.set(item, (at * 104_729) % 10_007)) <= 14 * 8);
    else assert.ok(costOf(() => queue.delete(item)) <= 14 * 8);
  }
  assert.equal(queue.size, 5_000);
});
