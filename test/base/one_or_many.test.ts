import assert from "node:assert/strict";
import { test } from "node:test";
import { OneOrMany } from "../../src/base/one_or_many.ts";

const [ada, bob, eve] = [{ name: "ada" }, { name: "bob" }, { name: "eve" }];

test("OneOrMany.of() lists the values of a key in their order, and no others", () => {
  const index = new OneOrMany<object>();
  index.add("a", bob);
  assert.deepEqual([...index.of("a")], [bob]);
  index.add("a", ada);
  index.add("a", ada);
  index.add("b", eve);
  assert.deepEqual([...index.of("a")], [bob, ada]);
  assert.deepEqual([...index.of("b")], [eve]);
  assert.deepEqual([...index.of("c")], []);
});

test("OneOrMany.countOf() tells how many values a key has", () => {
  const index = new OneOrMany<object>();
  assert.equal(index.countOf("a"), 0);
  index.add("a", ada);
  index.add("a", ada);
  assert.equal(index.countOf("a"), 1);
  index.add("a", bob);
  assert.equal(index.countOf("a"), 2);
});

test("OneOrMany.delete() removes this very value, and a key with its last one", () => {
  const index = new OneOrMany<object>();
  index.add("a", ada);
  index.delete("a", { ...ada });
  assert.deepEqual([...index.of("a")], [ada]);
  index.add("a", bob);
  index.delete("a", ada);
  assert.deepEqual([[...index.of("a")], [...index.keys()]], [[bob], ["a"]]);
  index.delete("a", bob);
  index.delete("a", bob);
  assert.deepEqual([index.countOf("a"), [...index.keys()]], [0, []]);
  index.add("b", eve);
  index.delete("b", eve);
  assert.deepEqual([...index.keys()], []);
});

test("OneOrMany.of() lists what there is now, however many: later changes do not show", () => {
  const index = new OneOrMany<object>();
  index.add("a", ada);
  const one = index.of("a");
  index.add("a", bob);
  const two = index.of("a");
  index.delete("a", ada);
  assert.deepEqual([[...one], [...two]], [[ada], [ada, bob]]);
});
