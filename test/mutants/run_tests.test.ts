import assert from "node:assert/strict";
import { test } from "node:test";
import { resultsIn } from "./run_tests.ts";

test("resultsIn() tells tests that passed from those that failed, by their names", () => {
  const report = "TAP version 13\nok 1 - a \\#1 \\\\ b\n  ---\n  ...\nnot ok 2 - c\n1..2\n";
  assert.deepEqual(resultsIn(report), { passed: ["a #1 \\ b"], failed: ["c"] });
});

test("resultsIn() tells a test that consists of others by those", () => {
  const report = "    ok 1 - a\n    not ok 2 - b\nnot ok 1 - both\n    ok 1 - c\nok 2 - another\n";
  assert.deepEqual(resultsIn(report), { passed: ["a", "c"], failed: ["b"] });
});

test("resultsIn() tells a test that fails although all that it consists of passes", () => {
  const report = "        ok 1 - a\n    ok 1 - inner\nnot ok 1 - outer\nok 2 - next\n";
  assert.deepEqual(resultsIn(report), { passed: ["a", "next"], failed: ["outer"] });
});

test("resultsIn() counts nothing that was skipped", () => {
  assert.deepEqual(resultsIn("ok 1 - a # SKIP no compiler\nok 2 - b # TODO\n"), { passed: [], failed: [] });
});
