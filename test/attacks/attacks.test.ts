import assert from "node:assert/strict";
import { test } from "node:test";
import { filesBelow, readProjectFile } from "../support/source_tree.ts";
import { ATTACKS } from "./all.ts";

/** Parts that are no attacks. */
const PARTS = ["all", "attack", "run", "visitor"];

for (const { name, skip = false, ...attack } of ATTACKS) {
  test(`${name} succeeds against a naive server`, { skip }, async () => {
    const { succeeded, evidence } = await attack.againstNaive();
    assert.ok(succeeded, evidence);
    assert.notEqual(evidence, "");
  });

  test(`${name} fails against the gate`, { skip }, async () => {
    const { succeeded, evidence } = await attack.againstGate();
    assert.ok(!succeeded, evidence);
    assert.notEqual(evidence, "");
  });

  test(`${name} names a line that there is`, () => {
    const { file, text } = attack.defence;
    const lines = readProjectFile(file).split("\n").map((line) => line.trim());
    assert.ok(lines.includes(text), `${file} has no line ${text}`);
  });
}

test("every attack has a file of its name, and is tried", () => {
  const files = filesBelow("test/attacks", ".ts").filter((file) =>
    !file.includes("/naive/") && !file.endsWith(".test.ts")
  );
  const names = files.map((file) => file.slice("test/attacks/".length, -".ts".length));
  assert.deepEqual(names.filter((name) => !PARTS.includes(name)), ATTACKS.map(({ name }) => name).sort());
});

test("no naive server has more than 30 lines of code", () => {
  for (const file of filesBelow("test/attacks/naive", ".ts")) {
    const count = linesOfCode(readProjectFile(file));
    assert.ok(count > 0 && count <= 30, `${file} has ${count}`);
  }
});

/** Without comments, blank lines, and what is only brought in from elsewhere. */
function linesOfCode(source: string): number {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "").replace(/^import [^;]*;$/gm, "");
  return code.split("\n").filter((line) => line.trim() !== "").length;
}
