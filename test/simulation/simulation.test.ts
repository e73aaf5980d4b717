import assert from "node:assert/strict";
import { test } from "node:test";
import { readProjectFile } from "../support/source_tree.ts";
import { SIMULATION_MUTANTS } from "./mutants.ts";
import { simulate } from "./simulate.ts";

const STEPS = 200;

for (let seed = 1; seed <= 20; seed++) {
  test(`simulate() breaks no invariant with seed ${seed}`, async () => {
    const { broken, trace } = await simulate(seed, STEPS);
    assert.equal(broken, undefined, `${broken?.what}\n${trace.slice(-10).join("\n")}`);
  });
}

test("simulate() does the same again with the same seed, and something else with another", async () => {
  const [first, again, other] = [await simulate(7, 100), await simulate(7, 100), await simulate(8, 100)];
  assert.equal(first.digest, again.digest);
  assert.deepEqual(first.trace, again.trace);
  assert.notEqual(first.digest, other.digest);
});

test("each mutant of the simulation changes one place of the sources", () => {
  for (const { file, from, to } of SIMULATION_MUTANTS) {
    assert.equal(readProjectFile(`src/${file}`).split(from).length - 1, 1, `"${from}" in ${file}`);
    assert.notEqual(from, to);
  }
});
