import assert from "node:assert/strict";
import { test } from "node:test";
import { type LimitRow, resolveTable } from "../../src/base/limit_table.ts";

const TABLE: Readonly<Record<"maxDoors" | "openMs", LimitRow>> = {
  maxDoors: { default: 2, min: 1, max: 9, stops: "Doors without end." },
  openMs: { default: 50, min: 0, max: 100, stops: "A door that stays open." },
};

const refusal = (message: string) => ({ name: "PortcullisError", code: "invalid_argument", message });

test("resolveTable() keeps what is chosen and fills up the rest, frozen", () => {
  const resolved = resolveTable(TABLE, { maxDoors: 9 });
  assert.deepEqual(resolved, { maxDoors: 9, openMs: 50 });
  assert.ok(Object.isFrozen(resolved));
});

test("resolveTable() takes undefined as nothing chosen", () => {
  const chosen: object = { maxDoors: undefined };
  assert.deepEqual(resolveTable(TABLE, chosen), { maxDoors: 2, openMs: 50 });
});

test("resolveTable() refuses a value outside its row, and takes the bound beside it", () => {
  assert.throws(
    () => resolveTable(TABLE, { openMs: 101 }),
    refusal("Limit openMs is 101; it must be a whole number from 0 to 100."),
  );
  assert.equal(resolveTable(TABLE, { openMs: 100 }).openMs, 100);
});

test("resolveTable() refuses a name that the table does not have, one of Object.prototype's too", () => {
  for (const name of ["maxWindows", "toString"]) {
    assert.throws(
      () => resolveTable(TABLE, { [name]: 1 }),
      refusal(`Unknown limit "${name}". Known: maxDoors, openMs.`),
    );
  }
});
