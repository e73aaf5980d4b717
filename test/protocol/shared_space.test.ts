import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { SHARED_SPACE_BYTES, SharedSpace } from "../../src/protocol/shared_space.ts";
import { madeSpace } from "../support/shared_space.ts";

test("SharedSpace.borrow() lends nothing before some output was copied", () => {
  const space = new SharedSpace();
  for (const fate of ["held", "unused"] as const) space.giveBack(Buffer.alloc(1), fate);
  assert.equal(space.borrow(), undefined);
  space.giveBack(Buffer.alloc(1), "copied");
  assert.equal(space.borrow()?.length, SHARED_SPACE_BYTES);
});

test("SharedSpace.borrow() lends the same bytes again when they were given back, and to nobody else meanwhile", () => {
  const space = madeSpace();
  const bytes = space.borrow() as Buffer;
  assert.equal(space.borrow(), undefined);
  space.giveBack(bytes.subarray(0, 10), "copied");
  assert.equal(space.borrow(), bytes);
});

test("SharedSpace.borrow() never lends again what a socket still holds", () => {
  const space = madeSpace();
  const bytes = space.borrow() as Buffer;
  space.giveBack(bytes.subarray(0, 10), "held");
  assert.equal(space.borrow(), undefined);
  space.giveBack(Buffer.alloc(1), "copied");
  assert.notEqual(space.borrow(), bytes);
});

test("SharedSpace.giveBack() leaves the bytes alone when something else is given back", () => {
  const space = madeSpace();
  const bytes = space.borrow() as Buffer;
  for (const fate of ["copied", "held", "unused"] as const) space.giveBack(Buffer.alloc(10), fate);
  assert.equal(space.borrow(), undefined);
  space.giveBack(bytes, "copied");
  assert.equal(space.borrow(), bytes);
});
