/** Each specimen of docs/specimens.md has a clause, short code, and a vector that shows it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { readProjectFile } from "../support/source_tree.ts";
import { fencesOf } from "./fences.ts";
import { shownRegions } from "./regions.ts";
import { partOf, specimens, vectorOf } from "./specimens.ts";

const ALL = specimens();

test("there are ten specimens at least, and each names the clause that it breaks and a vector", () => {
  assert.ok(ALL.length >= 10);
  for (const { title, text, vectors } of ALL) {
    assert.match(text, /§\d|CWE-\d|RFC \d/, title);
    assert.ok(vectors.length > 0, title);
  }
});

for (const { title, vectors } of ALL) {
  test(`the vectors of "${title}" exist`, () => {
    for (const named of vectors) {
      const [file = "", ...name] = named.split(": ");
      assert.equal(vectorOf(file, name.join(": ")).name, name.join(": "));
    }
  });
}

test("every specimen shows its mistake", () => {
  for (const { title, text } of ALL) {
    const files = shownRegions(text).map(({ file }) => file);
    assert.ok(files.includes("test/docs/specimen_mistakes.ts"), title);
  }
});

test("the code of a specimen is short", () => {
  const shown = fencesOf("docs/specimens.md").filter(({ language }) => language === "ts");
  assert.equal(shown.length, ALL.flatMap(({ text }) => shownRegions(text)).length);
  for (const { code, place } of shown) assert.ok(code.trim().split("\n").length <= 12, place);
});

test("every specimen is in a part whose test file tries it", () => {
  for (const { number, title } of ALL) {
    const file = readProjectFile(`test/docs/specimens_${partOf(number)}.test.ts`);
    assert.ok(file.includes(`\ntrySpecimens("${partOf(number)}", {\n`), title);
  }
});

const PAGE = "# Specimens\n\n## 1. One\n\n`test/vectors/utf8.json: a\n  b`\n\n## 2. Two\n\n### More\n";

test("specimens() lists the numbered sections of a page, with the vectors that each names", () => {
  const [one, two, ...others] = specimens(`${PAGE}\n## What they have in common\n`);
  assert.deepEqual([one?.number, one?.title, one?.vectors], [1, "1. One", ["utf8: a b"]]);
  assert.deepEqual([two?.number, two?.title, two?.vectors], [2, "2. Two", []]);
  assert.deepEqual(others, []);
});

test("specimens() throws for a section that has no number, or not the next one", () => {
  for (const heading of ["Three", "2. Two", "4. Four", "3 Three", "30. Three", "What they have"]) {
    assert.throws(
      () => specimens(`${PAGE}\n## ${heading}\n`),
      { message: /should be specimen 3\.$/ },
      heading,
    );
  }
});
