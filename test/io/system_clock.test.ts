import assert from "node:assert/strict";
import { test } from "node:test";
import { clearTimeout, setTimeout } from "node:timers";
import { systemClock } from "../../src/io/system_clock.ts";

test("systemClock.now() is the machine's time in milliseconds", () => {
  const before = Date.now();
  const now = systemClock.now();
  assert.ok(now >= before && now <= Date.now());
});

/** The clock's own timers do not keep the process alive, so something else must while they are awaited. */
async function whileAlive(work: (resolve: () => void) => void): Promise<void> {
  const alive = setTimeout(() => undefined, 10_000);
  await new Promise<void>(work);
  clearTimeout(alive);
}

test("systemClock.after() calls once, later, and not when it was cancelled", async () => {
  const calls: string[] = [];
  const cancelled = systemClock.after(0, () => calls.push("cancelled"));
  cancelled.cancel();
  cancelled.cancel();
  await whileAlive((resolve) => {
    const timer = systemClock.after(2, () => {
      calls.push("called");
      timer.cancel();
      resolve();
    });
    assert.deepEqual(calls, []);
  });
  assert.deepEqual(calls, ["called"]);
});

test("systemClock.after() does not fire at once for a delay that overflows a timer", async () => {
  let fired = false;
  const timer = systemClock.after(2 ** 31, () => fired = true);
  await whileAlive((resolve) => void systemClock.after(3, resolve));
  assert.equal(fired, false);
  timer.cancel();
});
