import assert from "node:assert/strict";
import { test } from "node:test";
import { ReconnectPolicy } from "../../src/client/reconnect_policy.ts";
import { type Verdict, verdict } from "../../src/client/verdict.ts";
import { HALF } from "../support/client_bench.ts";

const OPTIONS = { backoffBaseMs: 1_000, backoffMaxMs: 30_000, maxHintMs: 600_000, stableAfterMs: 10_000 };
const after = (action: Verdict["action"], hintMs = 0) => verdict(action, { kind: "unreachable" }, hintMs);
const policy = () => new ReconnectPolicy(OPTIONS, HALF);

test("ReconnectPolicy.delayAfter() never comes back after stop, whatever the hint", () => {
  assert.equal(policy().delayAfter(after("stop", 5_000), 60_000), undefined);
});

for (const action of ["backoff", "reconnect"] as const) {
  test(`ReconnectPolicy.delayAfter() waits longer each time after ${action}`, () => {
    const made = policy();
    assert.deepEqual([1, 2, 3].map(() => made.delayAfter(after(action), undefined)), [500, 1_000, 2_000]);
  });
}

test("ReconnectPolicy.delayAfter() comes back at once after the first refusal, and waits after each further one", () => {
  const made = policy();
  assert.deepEqual([1, 2, 3].map(() => made.delayAfter(after("refresh"), undefined)), [0, 500, 1_000]);
});

test("ReconnectPolicy.delayAfter() is not made hasty by another failure between two refusals", () => {
  const made = policy();
  made.delayAfter(after("refresh"), undefined);
  made.delayAfter(after("backoff"), undefined);
  assert.equal(made.delayAfter(after("refresh"), 9_999), 1_000);
});

test("ReconnectPolicy.delayAfter() begins anew after a session that lasted, and not before", () => {
  for (const action of ["backoff", "reconnect"] as const) {
    const made = policy();
    for (let i = 0; i < 4; i++) made.delayAfter(after(action), undefined);
    assert.equal(made.delayAfter(after(action), 9_999), 8_000);
    assert.equal(made.delayAfter(after(action), 10_000), 500);
  }
  const made = policy();
  made.delayAfter(after("refresh"), undefined);
  assert.equal(made.delayAfter(after("refresh"), 10_000), 0);
});

test("ReconnectPolicy.delayAfter() keeps to the hint, after a refusal too", () => {
  assert.equal(policy().delayAfter(after("backoff", 5_000), undefined), 5_500);
  assert.equal(policy().delayAfter(after("refresh", 5_000), undefined), 5_500);
});
