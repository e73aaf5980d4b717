import assert from "node:assert/strict";
import { test } from "node:test";
import { ExpiringMap } from "../../src/base/expiring_map.ts";
import { seededRandom } from "../support/chunkers.ts";

test("ExpiringMap.get() finds an entry until its time is over, and not at that very moment", () => {
  const map = new ExpiringMap<string, number>(10);
  assert.equal(map.set("a", 1, 1_000, 0), true);
  assert.deepEqual([0, 999, 999.5, 1_000, 1_001].map((nowMs) => map.get("a", nowMs)), [
    1,
    1,
    1,
    undefined,
    undefined,
  ]);
  assert.equal(map.get("b", 0), undefined);
});

test("ExpiringMap.set() replaces an entry, its time included", () => {
  const map = new ExpiringMap<string, number>(1);
  map.set("a", 1, 1_000, 0);
  assert.equal(map.set("a", 2, 500, 0), true);
  assert.deepEqual([map.get("a", 499), map.get("a", 500), map.size], [2, undefined, 1]);
  assert.equal(map.set("a", 3, 2_000, 600), true);
  assert.equal(map.get("a", 1_999), 3);
});

test("ExpiringMap.delete() and clear() forget", () => {
  const map = new ExpiringMap<string, number>(10);
  for (const key of ["a", "b", "c"]) map.set(key, 1, 1_000, 0);
  assert.deepEqual([map.delete("a"), map.delete("a"), map.delete("x")], [true, false, false]);
  assert.deepEqual([map.get("a", 0), map.get("b", 0), map.size], [undefined, 1, 2]);
  map.clear();
  assert.deepEqual([map.get("b", 0), map.size], [undefined, 0]);
});

test("ExpiringMap takes keys that every object has, and keys that are no text", () => {
  const map = new ExpiringMap<unknown, string>(10);
  for (const key of ["__proto__", "constructor", "", undefined, 7]) map.set(key, String(key), 1_000, 0);
  assert.deepEqual(["__proto__", "", undefined, 7, "7"].map((key) => map.get(key, 0)), [
    "__proto__",
    "",
    "undefined",
    "7",
    undefined,
  ]);
});

for (const maxEntries of [1, 2, 63, 64, 65, 200]) {
  test(`ExpiringMap has room for ${maxEntries} entries whose time is not over, and for others when it is`, () => {
    const map = new ExpiringMap<number, number>(maxEntries);
    for (let key = 0; key < maxEntries; key++) assert.equal(map.set(key, key, 1_000 + key, 0), true);
    assert.equal(map.set(-1, 0, 5_000, 999), false);
    assert.equal(map.get(-1, 999), undefined);
    // Known ones need no room.
    assert.equal(map.set(0, 7, 1_000, 999), true);
    assert.equal(map.size, maxEntries);
    // The first is over.
    assert.equal(map.set(-1, 0, 5_000, 1_000), true);
    assert.equal(map.set(-2, 0, 5_000, 1_000), false);
    assert.equal(map.size, maxEntries);
    assert.equal(map.get(maxEntries - 1, 1_000), maxEntries > 1 ? maxEntries - 1 : undefined);
  });
}

test("ExpiringMap does not grow with what is over: at most twice what is not, and 64", () => {
  const map = new ExpiringMap<number, number>(1_000_000);
  let most = 0;
  for (let nowMs = 0; nowMs < 50_000; nowMs++) {
    map.set(nowMs, 0, nowMs + 100, nowMs);
    most = Math.max(most, map.size);
  }
  assert.ok(most <= 2 * 100 + 2, String(most));
  const few = new ExpiringMap<number, number>(1_000_000);
  for (let nowMs = 0; nowMs < 5_000; nowMs++) {
    few.set(nowMs, 0, nowMs + 1, nowMs);
    assert.ok(few.size <= 64);
  }
});

test("ExpiringMap lets go of a crowd that is gone, and does not wait for the next as large as it", () => {
  const map = new ExpiringMap<number, number>(100_000);
  for (let key = 0; key < 10_000; key++) map.set(key, 0, 1_000, 0);
  for (let key = 0; key < 20_000; key++) map.set(-1 - key, 0, 2_000 + key, 2_000 + key);
  assert.ok(map.size <= 64, String(map.size));
});

/** Counts how often the time of an entry is looked at: what the sweeps cost. */
class Counted {
  static looks = 0;
  readonly #atMs: number;

  constructor(atMs: number) {
    this.#atMs = atMs;
  }

  valueOf(): number {
    Counted.looks++;
    return this.#atMs;
  }
}

test("ExpiringMap sweeps seldom enough to cost a few looks for each entry, however many there are", () => {
  for (const count of [1_000, 10_000, 100_000]) {
    const map = new ExpiringMap<number, number>(1_000_000);
    Counted.looks = 0;
    // A number to whoever compares it.
    for (let key = 0; key < count; key++) map.set(key, 0, new Counted(1e9) as unknown as number, key);
    assert.ok(Counted.looks <= 2 * count, `${Counted.looks} for ${count}`);
  }
});

for (const seed of [1, 2, 3]) {
  test(`ExpiringMap does what a plain list would do in 5,000 random steps (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const upTo = (count: number) => Math.floor(random() * count);
    const maxEntries = 1 + upTo(150);
    const map = new ExpiringMap<number, number>(maxEntries);
    const model = new Map<number, { readonly value: number; readonly untilMs: number }>();
    let nowMs = 0;
    for (let step = 0; step < 5_000; step++) {
      nowMs += upTo(3);
      for (const [key, { untilMs }] of model) if (untilMs <= nowMs) model.delete(key);
      const key = upTo(400);
      if (random() < 0.1) {
        map.delete(key);
        model.delete(key);
      } else {
        const untilMs = nowMs + 1 + upTo(300);
        const fits = model.has(key) || model.size < maxEntries;
        assert.equal(map.set(key, step, untilMs, nowMs), fits);
        if (fits) model.set(key, { value: step, untilMs });
      }
      const looked = upTo(400);
      assert.equal(map.get(looked, nowMs), model.get(looked)?.value);
      assert.ok(map.size <= maxEntries);
    }
  });
}
