import assert from "node:assert/strict";
import { test } from "node:test";
import { realKeeper, seenOf, SESSION_VECTORS, wantedOf } from "../support/session_vectors.ts";

for (const vector of SESSION_VECTORS) {
  test(`Registry, Leases and Groups given ${vector.name} (${vector.section})`, () => {
    assert.deepEqual(seenOf(vector, realKeeper()), wantedOf(vector));
  });
}

test("each vector of sessions says what is to be seen, last of all", () => {
  assert.ok(SESSION_VECTORS.length > 10);
  for (const { name, steps } of SESSION_VECTORS) {
    const last = steps.at(-1) ?? {};
    assert.ok("reaches" in last || "ended" in last, name);
  }
});
