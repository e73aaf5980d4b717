import assert from "node:assert/strict";
import { test } from "node:test";
import { type Guard, type StandardResult, type StandardSchema, validate } from "../../src/auth/validator.ts";
import { PortcullisError } from "../../src/base/errors.ts";

const isText: Guard<string> = (value): value is string => typeof value === "string";

function schema<Data>(
  answer: (value: unknown) => StandardResult<Data> | Promise<StandardResult<Data>>,
): StandardSchema<Data> {
  return { "~standard": { version: 1, vendor: "test", validate: answer } };
}

const trimmed = schema<string>((value) =>
  typeof value === "string" ? { value: value.trim() } : { issues: [{ message: "Not a text" }] }
);

test("validate() hands on the very value that a guard lets pass", () => {
  const value = { text: "hi" };
  const isObject = (given: unknown): given is object => typeof given === "object";
  const result = validate(isObject, value);
  assert.equal(result.ok && result.value, value);
});

test("validate() refuses what a guard refuses", () => {
  for (const value of [undefined, null, 7, {}, ["x"]]) {
    assert.deepEqual(validate(isText, value), { ok: false, fault: "invalid_data" });
  }
});

test("validate() takes nothing but true for the yes of a guard", () => {
  for (const answer of [1, "yes", {}, [], undefined, null, false]) {
    const guard = (() => answer) as unknown as Guard<string>; // As JavaScript may write it.
    assert.deepEqual(validate(guard, "x"), { ok: false, fault: "invalid_data" });
  }
});

test("validate() hands on what a schema made of the value", () => {
  assert.deepEqual(validate(trimmed, "  hi "), { ok: true, value: "hi" });
  assert.deepEqual(validate(schema(() => ({ value: undefined, issues: undefined })), "x"), {
    ok: true,
    value: undefined,
  });
});

test("validate() refuses what a schema has issues with, even if they are none", () => {
  assert.deepEqual(validate(trimmed, 7), { ok: false, fault: "invalid_data" });
  assert.deepEqual(validate(schema(() => ({ issues: [] })), "x"), { ok: false, fault: "invalid_data" });
});

test("validate() asks a schema that is a function as a schema, whose answer to a call is an object of errors", () => {
  // The shape of ArkType: called, it answers with the data or with its complaints, both truthy.
  const callable = Object.assign((_value: unknown) => ["must be a string"], trimmed);
  assert.deepEqual(validate(callable, 7), { ok: false, fault: "invalid_data" });
  assert.deepEqual(validate(callable, " hi"), { ok: true, value: "hi" });
});

const late: Readonly<Record<string, () => unknown>> = {
  "a promise": () => Promise.resolve({ value: "x" }),
  // A rejection that nobody heard would end the process, and with it this test.
  "a promise that rejects": () => Promise.reject(new Error("late")),
  "another thenable": () => ({ then: (resolve: (result: object) => void) => resolve({ value: "x" }) }),
};

for (const [name, answer] of Object.entries(late)) {
  test(`validate() throws async_validator when a schema or a guard answers with ${name}`, async () => {
    const asAnswer = answer as () => Promise<StandardResult<string>>;
    const asGuard = answer as unknown as Guard<string>;
    for (const validator of [schema(asAnswer), asGuard]) {
      assert.throws(
        () => validate(validator, "x"),
        (error) => error instanceof PortcullisError && error.code === "async_validator",
      );
    }
    await Promise.resolve();
  });
}

test("validate() lets through what a validator throws", () => {
  const broken = () => {
    throw new RangeError("broken");
  };
  assert.throws(() => validate(broken as unknown as Guard<string>, "x"), RangeError);
  assert.throws(() => validate(schema(broken), "x"), RangeError);
});
