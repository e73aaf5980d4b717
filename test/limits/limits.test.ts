/** Each limit of base/limits.ts, tried over a real socket: a limit without a case does not compile. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type LimitName, LIMITS } from "../../src/base/limits.ts";
import { CONNECTION_LIMITS } from "./connections.ts";
import type { LimitCase } from "./case.ts";
import { DOOR_LIMITS } from "./door.ts";
import { MESSAGE_LIMITS } from "./messages.ts";
import { TIME_LIMITS } from "./time.ts";

const CASES: Readonly<Record<LimitName, LimitCase>> = {
  ...DOOR_LIMITS,
  ...CONNECTION_LIMITS,
  ...MESSAGE_LIMITS,
  ...TIME_LIMITS,
};

for (const name of Object.keys(LIMITS) as LimitName[]) {
  const { what, run } = CASES[name];
  test(`${name} ${what}`, run);
}

test("LIMITS has a case for each row, and no other", () => {
  assert.deepEqual(Object.keys(CASES).sort(), Object.keys(LIMITS).sort());
});
