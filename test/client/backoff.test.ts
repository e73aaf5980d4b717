import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "../../src/client/backoff.ts";

const SPANS = { backoffBaseMs: 1_000, backoffMaxMs: 30_000, maxHintMs: 600_000 };

function delays(backoff: Backoff, count: number, hintMs?: number): number[] {
  return Array.from({ length: count }, () => backoff.next(hintMs));
}

test("Backoff.next() takes a random part of a span that doubles up to its bound", () => {
  assert.deepEqual(delays(new Backoff(SPANS, () => 0.5), 7), [
    500,
    1_000,
    2_000,
    4_000,
    8_000,
    15_000,
    15_000,
  ]);
  assert.deepEqual(delays(new Backoff(SPANS, () => 0.999), 2), [999, 1_998]);
});

test("Backoff.next() may draw any wait of the span, but never none", () => {
  assert.deepEqual(delays(new Backoff(SPANS, () => 0), 3), [1, 1, 1]);
});

test("Backoff.next() stays within its bound after more attempts than a number can count", () => {
  const backoff = new Backoff(SPANS, () => 0.5);
  delays(backoff, 2_000);
  assert.equal(backoff.next(), 15_000);
});

test("Backoff.next() waits at least as long as the server asked, and not all the same", () => {
  const draws = [0, 0.5];
  const backoff = new Backoff(SPANS, () => draws.shift() ?? 0);
  assert.deepEqual(delays(backoff, 2, 5_000), [5_000, 6_000]);
});

test("Backoff.next() bounds what the server asks for", () => {
  const backoff = new Backoff(SPANS, () => 0);
  assert.equal(backoff.next(600_000), 600_000);
  assert.equal(backoff.next(600_001), 600_000);
  assert.equal(backoff.next(Infinity), 600_000);
  assert.equal(backoff.next(-5_000), 1);
});

test("Backoff.reset() begins with the shortest span again", () => {
  const backoff = new Backoff(SPANS, () => 0.5);
  delays(backoff, 5);
  backoff.reset();
  assert.deepEqual(delays(backoff, 2), [500, 1_000]);
});
