import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_TIMER_MS } from "../../src/base/clock.ts";
import { CLIENT_LIMITS, type ClientLimitName, resolveClientLimits } from "../../src/client/client_limits.ts";

const names = Object.keys(CLIENT_LIMITS) as ClientLimitName[];

for (const name of names) {
  const { default: usual, min, max, stops } = CLIENT_LIMITS[name];

  test(`CLIENT_LIMITS.${name} has a default in its range, and says what it stops`, () => {
    assert.ok(min <= usual && usual <= max);
    assert.match(stops, /^[A-Z].*\.$/);
    assert.match(name, /^max[A-Z]|Ms$/);
  });

  test(`resolveClientLimits() takes ${name} from ${min} to ${max}, and nothing beside it`, () => {
    for (const value of [min, max]) assert.equal(resolveClientLimits({ [name]: value })[name], value);
    for (const value of [min - 1, max + 1, min + 0.5, NaN, Infinity, "7" as unknown as number]) {
      assert.throws(() => resolveClientLimits({ [name]: value }), {
        code: "invalid_argument",
        message: new RegExp(`^Limit ${name} is `),
      });
    }
  });
}

test("CLIENT_LIMITS holds no time that a timer could not wait for", () => {
  for (const name of names.filter((candidate) => candidate.endsWith("Ms"))) {
    assert.ok(CLIENT_LIMITS[name].max <= MAX_TIMER_MS, name);
  }
});

test("resolveClientLimits() fills up with the defaults", () => {
  const limits = resolveClientLimits({ backoffBaseMs: 5 });
  assert.deepEqual(Object.keys(limits), names);
  assert.equal(limits.backoffBaseMs, 5);
  assert.equal(limits.backoffMaxMs, CLIENT_LIMITS.backoffMaxMs.default);
  assert.ok(Object.isFrozen(limits));
});

test("resolveClientLimits() refuses a name that it does not know", () => {
  for (const name of ["backoffMinMs", "__proto__x", "constructor"]) {
    assert.throws(() => resolveClientLimits({ [name]: 1 }), { code: "invalid_argument" });
  }
});
