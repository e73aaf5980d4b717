import assert from "node:assert/strict";
import { test } from "node:test";
import { Tally } from "../../src/base/tally.ts";

test("Tally counts each key by itself", () => {
  const tally = new Tally();
  for (const key of ["a", "b", "a", "__proto__", "constructor"]) tally.add(key);
  const keys = ["a", "b", "__proto__", "constructor", "c", "toString", ""];
  assert.deepEqual(keys.map((key) => tally.of(key)), [2, 1, 1, 1, 0, 0, 0]);
  tally.remove("a");
  assert.deepEqual([tally.of("a"), tally.of("b")], [1, 1]);
});

test("Tally forgets a key whose count is 0", () => {
  const tally = new Tally();
  for (let peer = 0; peer < 1_000; peer++) {
    tally.add(`10.0.0.${peer}`);
    assert.equal(tally.size, 1);
    tally.remove(`10.0.0.${peer}`);
    assert.equal(tally.size, 0);
  }
});

test("Tally.remove() goes not below 0 when there is nothing to remove", () => {
  const tally = new Tally();
  tally.remove("a");
  tally.remove("a");
  assert.deepEqual([tally.of("a"), tally.size], [0, 0]);
  tally.add("a");
  assert.equal(tally.of("a"), 1);
});

test("Tally.total is that of all keys, and counts nothing that was not there", () => {
  const tally = new Tally();
  for (const key of ["a", "b", "a"]) tally.add(key);
  assert.equal(tally.total, 3);
  for (const key of ["c", "a", "b", "b"]) tally.remove(key);
  assert.equal(tally.total, 1);
});
