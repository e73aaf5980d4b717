import assert from "node:assert/strict";
import { test } from "node:test";
import { isThenable } from "../../src/base/promise.ts";

test("isThenable() is true of promises of any make, and of nothing else", () => {
  const made = { then: () => undefined };
  for (const value of [Promise.resolve(), made]) assert.equal(isThenable(value), true);
  for (const value of [undefined, null, 1, "then", {}, [], () => made, { then: 1 }]) {
    assert.equal(isThenable(value), false);
  }
});
