import assert from "node:assert/strict";
import { test } from "node:test";
import { definePermissions, type PermissionDefinition } from "../../src/auth/permission.ts";
import { checkTable, RESERVED_TYPES } from "../../src/auth/permission_check.ts";
import { PortcullisError } from "../../src/base/errors.ts";

const isText = (value: unknown): value is string => typeof value === "string";
const GOOD = { roles: ["member"], data: isText };

/** Defines a table as JavaScript may write it, past the compiler. */
function define(roles: unknown, receive: object = {}, send: object = {}): unknown {
  return definePermissions({ roles, receive, send } as PermissionDefinition<string, object, object>);
}

function refuses(define: () => unknown, says: RegExp): void {
  assert.throws(define, (error) => {
    assert.ok(error instanceof PortcullisError);
    assert.equal(error.code, "invalid_permissions");
    assert.match(error.message, says);
    return true;
  });
}

/** A row that is wrong, and what the error says of it. */
const WRONG_ROWS: Readonly<Record<string, readonly [row: unknown, says: RegExp]>> = {
  "is missing": [undefined, /"chat\.say" has no list of roles/],
  "is null": [null, /no list of roles/],
  "has no roles": [{ data: isText }, /no list of roles/],
  "has text for roles": [{ ...GOOD, roles: "member" }, /no list of roles/],
  "has a set of roles": [{ ...GOOD, roles: new Set(["member"]) }, /no list of roles/],
  "names a role that is not there": [{ ...GOOD, roles: ["member", "amdin"] }, /allows "amdin"/],
  "names a role in another case": [{ ...GOOD, roles: ["Member"] }, /allows "Member"/],
  "names a role that every object has": [{ ...GOOD, roles: ["constructor"] }, /allows "constructor"/],
  "names a role that is undefined": [{ ...GOOD, roles: ["member", undefined] }, /allows "undefined"/],
  "has no validator": [{ roles: ["member"] }, /no validator/],
  "has null for a validator": [{ ...GOOD, data: null }, /no validator/],
  "has an object for a validator": [{ ...GOOD, data: {} }, /no validator/],
  "has half a schema": [{ ...GOOD, data: { "~standard": { version: 1, vendor: "x" } } }, /no validator/],
  "has a condition that is no function": [{ ...GOOD, when: true }, /a condition that is no function/],
  "has null for a condition": [{ ...GOOD, when: null }, /a condition that is no function/],
};

for (const [name, [row, says]] of Object.entries(WRONG_ROWS)) {
  test(`checkTable() refuses a row that ${name}, in both directions`, () => {
    refuses(() => define(["member"], { "chat.say": row }), says);
    refuses(() => define(["member"], {}, { "chat.say": row }), says);
  });
}

test("checkTable() refuses a policy for slow readers that is not known, or in a row that clients send", () => {
  for (const slowReaders of ["dorp", "", null, true, "toString"]) {
    refuses(() => define(["member"], {}, { said: { ...GOOD, slowReaders } }), /"said" has slowReaders "/);
  }
  for (const slowReaders of ["close", "drop", "keep-latest"]) {
    assert.ok(define(["member"], {}, { said: { ...GOOD, slowReaders } }));
    refuses(() => define(["member"], { say: { ...GOOD, slowReaders } }), /"say" is received/);
  }
});

test("checkTable() refuses a rate out of bounds", () => {
  const rates = [
    ...[0, -1, NaN, Infinity, undefined].map((perSecond) => ({ perSecond, burst: 1 })),
    ...[0, 0.5, -1, NaN, Infinity, undefined].map((burst) => ({ perSecond: 1, burst })),
    {},
  ];
  for (const rate of rates) {
    refuses(() => define(["member"], { say: { ...GOOD, rate } }), /"say" has a rate of/);
  }
});

test("checkTable() refuses the types of the envelope, and a type without a name", () => {
  for (const type of [...RESERVED_TYPES, ""]) {
    refuses(
      () => define(["member"], { [type]: GOOD }),
      new RegExp(`"${type.replace(".", "\\.")}" cannot be the type`),
    );
    refuses(
      () => define(["member"], {}, { [type]: GOOD }),
      new RegExp(`"${type.replace(".", "\\.")}" cannot be the type`),
    );
  }
});

test("checkTable() refuses no roles, too many, and one named twice", () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `r${index}`);
  refuses(() => define([]), /has 0 roles/);
  refuses(() => define(many(65)), /has 65 roles/);
  refuses(() => define(["member", "guest", "member"]), /named twice/);
  assert.equal(typeof define(many(64)), "object");
});

test("checkTable() lets the nearest valid tables pass", () => {
  const rows = {
    OK: GOOD,
    "hello.there": GOOD,
    "auth.": GOOD,
    "auth.refreshed": GOOD,
    "server.byebye": GOOD,
    toString: { ...GOOD, roles: [] },
    slow: { ...GOOD, rate: { perSecond: 0.001, burst: 1 } },
    when: { ...GOOD, when: () => false },
    schema: { ...GOOD, data: { "~standard": { version: 1, vendor: "x", validate: () => ({ value: 1 }) } } },
    undefinedRate: { ...GOOD, rate: undefined, when: undefined },
  };
  assert.equal(typeof define(["member"], rows, rows), "object");
  checkTable(["member"], new Map(), new Map());
});
