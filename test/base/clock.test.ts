import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_TIMER_MS } from "../../src/base/clock.ts";

test("MAX_TIMER_MS is the last number that does not overflow a timer of 32 bits with a sign", () => {
  assert.equal(MAX_TIMER_MS | 0, MAX_TIMER_MS);
  assert.ok(((MAX_TIMER_MS + 1) | 0) < 0);
});
