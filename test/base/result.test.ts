import assert from "node:assert/strict";
import { test } from "node:test";
import { fault, ok, type Result } from "../../src/base/result.ts";

test("ok() and fault() make the two sides of a result", () => {
  assert.deepEqual(ok(7), { ok: true, value: 7 });
  assert.deepEqual(fault("expired"), { ok: false, fault: "expired" });
});

test("Result tells value and fault apart when `ok` is looked at", () => {
  const told = (result: Result<number, string>): number | string => result.ok ? result.value : result.fault;
  assert.equal(told(ok(0)), 0);
  assert.equal(told(fault("")), "");
});
