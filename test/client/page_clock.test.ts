import assert from "node:assert/strict";
import { test } from "node:test";
import { pageClock } from "../../src/client/page_clock.ts";

test("pageClock.now() is the machine's time in milliseconds", () => {
  const before = Date.now();
  const now = pageClock.now();
  assert.ok(now >= before && now <= Date.now());
});

test("pageClock.after() calls once, later, and not when it was cancelled", async () => {
  const calls: string[] = [];
  const cancelled = pageClock.after(0, () => calls.push("cancelled"));
  cancelled.cancel();
  cancelled.cancel();
  await new Promise<void>((resolve) => {
    const timer = pageClock.after(2, () => {
      calls.push("called");
      timer.cancel();
      resolve();
    });
    assert.deepEqual(calls, []);
  });
  assert.deepEqual(calls, ["called"]);
});

test("pageClock.after() does not fire at once for a delay that overflows a timer", async () => {
  let fired = false;
  const timer = pageClock.after(2 ** 31, () => fired = true);
  await new Promise<void>((resolve) => void pageClock.after(3, resolve));
  assert.equal(fired, false);
  timer.cancel();
});
