import assert from "node:assert/strict";
import { test } from "node:test";
import { TokenBucket } from "../../src/base/token_bucket.ts";
import { NOW_MS } from "../support/tokens.ts";

/** A bucket and its clock, which is moved by the first argument of `take`. */
function bucket(perSecond: number, burst: number): (passedMs?: number) => number {
  let nowMs = NOW_MS;
  const made = new TokenBucket({ perSecond, burst }, nowMs);
  return (passedMs = 0) => made.take(nowMs += passedMs);
}

/** Takes until there is nothing left. */
function drain(take: () => number): number {
  let taken = 0;
  while (take() === 0) taken++;
  return taken;
}

test("TokenBucket.take() lets a burst pass at once, and then says how long to wait", () => {
  const take = bucket(5, 10);
  for (let i = 0; i < 10; i++) assert.equal(take(), 0);
  assert.equal(take(), 200);
  assert.equal(take(50), 150);
});

test("TokenBucket.take() has a token again after exactly the time that it named", () => {
  for (const perSecond of [0.001, 0.1, 0.3, 0.7, 1, 3, 5, 7, 1_000]) {
    const take = bucket(perSecond, 1);
    take();
    const waitMs = take();
    assert.ok(waitMs >= 1, String(perSecond));
    assert.ok(waitMs === 1 || take(waitMs - 1) === 1, String(perSecond));
    assert.equal(take(waitMs === 1 ? waitMs : 1), 0, String(perSecond));
  }
});

test("TokenBucket.take() keeps its word when parts of a token do not add up to one in binary", () => {
  for (const perSecond of [0.1, 0.3, 0.7, 3, 5, 7, 10, 100]) {
    for (let passedMs = 1; passedMs < 100; passedMs++) {
      const take = bucket(perSecond, 1);
      take();
      for (let i = 0; i < 3; i++) take(passedMs);
      const waitMs = take();
      assert.ok(waitMs === 0 || take(waitMs) === 0, `${perSecond} a second, ${passedMs} ms apart`);
    }
  }
});

test("TokenBucket.take() costs nothing when it refuses", () => {
  const take = bucket(1, 1);
  take();
  for (let i = 0; i < 100; i++) assert.equal(take(), 1_000);
  assert.equal(take(1_000), 0);
});

test("TokenBucket.take() never holds more than a burst, however long nobody came", () => {
  const take = bucket(5, 3);
  take(86_400_000);
  assert.equal(drain(take), 2);
});

test("TokenBucket.take() lets parts of a token add up", () => {
  const take = bucket(2, 1);
  take();
  assert.equal(take(125), 375);
  assert.equal(take(125), 250);
  assert.equal(take(125), 125);
  assert.equal(take(125), 0);
});

test("TokenBucket.take() keeps what is in a burst that is no whole number", () => {
  const take = bucket(1, 1.5);
  assert.equal(take(), 0);
  assert.equal(take(), 500);
});

test("TokenBucket.take() neither empties nor freezes when the clock is set back", () => {
  const full = bucket(1, 2);
  assert.equal(full(-3_600_000), 0);
  assert.equal(full(), 0);
  assert.equal(full(), 1_000);
  const empty = bucket(1, 1);
  empty();
  assert.equal(empty(-3_600_000), 1_000);
  assert.equal(empty(1_000), 0);
});

test("TokenBucket.take() gives nothing for the time by which a clock was set back", () => {
  const take = bucket(1, 1);
  take();
  assert.equal(take(-10_000), 1_000);
  assert.equal(take(-10_000), 1_000);
  assert.equal(take(500), 500);
});
