import assert from "node:assert/strict";
import { test } from "node:test";
import { filesBelow, readProjectFile } from "../support/source_tree.ts";
import { CHAPTERS } from "../docs/course.ts";
import { ATTACKS } from "./all.ts";
import { announcement, lineOf, listing, readOn, verdict } from "./report.ts";

/** Parts that are no attacks. */
const PARTS = ["all", "attack", "report", "run", "visitor"];

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

  test(`${name} names a line that there is, the naive server that it fells, and the chapter that explains it`, () => {
    for (const defence of [attack.defence, attack.behind ?? attack.defence]) assert.ok(lineOf(defence) > 0);
    assert.ok(CHAPTERS.some(({ number }) => number === attack.chapter));
    assert.ok(attack.sends.length > 0);
    const source = readProjectFile(`test/attacks/${name}.ts`);
    // In a process of its own it is the chat.
    const files = [`./naive/${attack.naive}.ts`, ...attack.naive === "chat" ? ["naive/main.ts"] : []];
    assert.ok(files.some((file) => source.includes(`${file}"`)), `${name} uses no ${files.join(" or ")}`);
  });
}

test("what the lab shows is as wide as a terminal, but for lines of a program", () => {
  for (const attack of ATTACKS) {
    const shown = [announcement(attack), verdict("the gate", { succeeded: false, evidence: attack.summary })];
    const program = [attack.defence.text, attack.behind?.text ?? ""];
    const read = program.reduce((text, line) => text.replace(line, ""), readOn(attack));
    const lines = [...shown, read, listing([attack])].join("\n");
    assert.ok(lines.split("\n").every((line) => line.length <= 100), attack.name);
    assert.ok(shown.join().replaceAll(/\s+/g, " ").includes(attack.summary), attack.name);
  }
});

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
