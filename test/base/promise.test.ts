import assert from "node:assert/strict";
import { test } from "node:test";
import { callGuarded, isThenable } from "../../src/base/promise.ts";

test("isThenable() is true of promises of any make, and of nothing else", () => {
  const made = { then: () => undefined };
  for (const value of [Promise.resolve(), made]) assert.equal(isThenable(value), true);
  for (const value of [undefined, null, 1, "then", {}, [], () => made, { then: 1 }]) {
    assert.equal(isThenable(value), false);
  }
});

test("callGuarded() reports what is thrown, and what a promise is rejected with, and nothing else", async () => {
  const reported: unknown[] = [];
  const report = (error: unknown) => void reported.push(error);
  const thrown = new Error("thrown");
  const rejected = Promise.reject(new Error("rejected"));
  callGuarded(() => {
    throw thrown;
  }, report);
  callGuarded(() => rejected, report);
  // Of another make, as those of some libraries are.
  const other = new Error("of another make");
  callGuarded(() => ({ then: (_resolve: unknown, reject: (error: Error) => void) => reject(other) }), report);
  callGuarded(() => Promise.resolve("kept"), report);
  callGuarded(() => "kept", report);
  const error: unknown = await rejected.catch((reason: unknown) => reason);
  await Promise.resolve();
  assert.deepEqual(new Set(reported), new Set([thrown, error, other]));
});
