import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_TIMER_MS } from "../../src/base/clock.ts";
import { type LimitName, LIMITS, type Limits, resolveLimits } from "../../src/base/limits.ts";

const NAMES = Object.keys(LIMITS) as LimitName[];

function refuses(chosen: Partial<Limits>, message: RegExp): void {
  assert.throws(() => resolveLimits(chosen), { name: "PortcullisError", code: "invalid_argument", message });
}

for (const name of NAMES) {
  const row = LIMITS[name];

  test(`resolveLimits() takes ${name} from ${row.min} to ${row.max}, and nothing beside it`, () => {
    for (const value of [row.min, row.max]) assert.equal(resolveLimits({ [name]: value })[name], value);
    for (const value of [row.min - 1, row.max + 1, row.min + 0.5, -1, NaN, Infinity]) {
      refuses({ [name]: value }, new RegExp(`^Limit ${name} is ${value};.* ${row.min} to ${row.max}\\.$`));
    }
  });

  test(`resolveLimits() uses the default of ${name}, itself a value that a caller could choose`, () => {
    assert.equal(resolveLimits()[name], row.default);
    assert.equal(resolveLimits({ [name]: row.default })[name], row.default);
  });

  test(`LIMITS says what ${name} stops`, () => assert.match(row.stops, /^[A-Z].*\.$/));
}

test("LIMITS lets no time be longer than a timer can hold", () => {
  // How long a token may live is compared with, and never waited for.
  const times = NAMES.filter((name) => name.endsWith("Ms") && name !== "maxTokenLifetimeMs");
  assert.ok(times.length > 0);
  for (const name of times) assert.ok(LIMITS[name].max <= MAX_TIMER_MS, name);
});

test("resolveLimits() leaves the other limits alone when one is chosen", () => {
  assert.deepEqual(resolveLimits({ maxFragments: 7 }), { ...resolveLimits(), maxFragments: 7 });
});

test("resolveLimits() throws when a name is unknown, one that every object inherits too", () => {
  for (const name of ["maxMesageBytes", "constructor", "toString", "__proto__"]) {
    const chosen = JSON.parse(`{"${name}":1}`) as Partial<Limits>;
    refuses(chosen, new RegExp(`^Unknown limit "${name}"\\. Known: handshakeTimeoutMs, `));
  }
});

test("resolveLimits() throws when a number is written as text", () => {
  const chosen = JSON.parse('{"maxFragments":"100"}') as Partial<Limits>;
  refuses(chosen, /^Limit maxFragments is 100;/);
});

test("resolveLimits() takes undefined for a limit that was not chosen", () => {
  // As a program in JavaScript passes on an option that it does not have.
  const chosen = { maxFragments: undefined } as unknown as Partial<Limits>;
  assert.equal(resolveLimits(chosen).maxFragments, LIMITS.maxFragments.default);
});

test("resolveLimits() returns limits that nobody can change afterwards", () => {
  assert.ok(Object.isFrozen(resolveLimits()));
});
