import assert from "node:assert/strict";
import { test } from "node:test";
import { readProjectFile, sourceFiles } from "../support/source_tree.ts";
import { CHAPTERS, pageOf } from "./course.ts";
import { firstUse, TERMS, termsOf } from "./glossary.ts";
import { PAGES, proseOf } from "./pages.ts";
import { otherEnglish } from "./spelling.ts";

test("the pages, and the comments of the sources, are written in one English", () => {
  for (const page of PAGES) {
    assert.deepEqual(otherEnglish(proseOf(readProjectFile(page))), [], page);
  }
  for (const file of sourceFiles()) {
    const comments = readProjectFile(file).split("\n").filter((line) => /^\s*(?:\*|\/\/|\/\*\*)/.test(line));
    // What stands in quotation marks is somebody else's: an RFC's, or a browser's.
    const own = comments.join("\n").replaceAll(/"[^"]*"|`[^`]*`/g, "");
    assert.deepEqual(otherEnglish(own), [], file);
  }
});

for (
  const word of [
    "behavior",
    "colors",
    "center",
    "defense",
    "canceled",
    "analyzed",
    "dialog",
    "gray",
    "licenced",
    "recognised",
    "customise",
    "organisation",
  ]
) {
  test(`otherEnglish() lists ${word}`, () => {
    assert.equal(otherEnglish(`The ${word}, and`).length, 1);
  });
}

test("otherEnglish() takes British words, and those that end in -ise in every English", () => {
  const words = "colour centre defence cancelled analysed dialogue licences laboratory honorary recognized " +
    "otherwise raised promises exercise precisely noise advised comprises";
  assert.deepEqual(otherEnglish(words), []);
});

const course = CHAPTERS.map((chapter) => proseOf(readProjectFile(pageOf(chapter))));

for (const term of TERMS) {
  test(`${term.name} is explained in chapter ${term.chapter} before it is used`, () => {
    const use = firstUse(term, course);
    assert.notEqual(use, undefined, "no chapter uses it");
    assert.equal(use?.chapter, term.chapter, `first used in: ${use?.context}`);
    assert.ok(use?.introduced, `not in italics when it is first used: ${use?.context}`);
  });
}

test("the glossary lists each term once, in alphabetical order", () => {
  const names = TERMS.map(({ name }) => name.toLowerCase());
  assert.ok(names.length > 60);
  assert.deepEqual(names, [...new Set(names)].sort((a, b) => a.localeCompare(b, "en")));
});

const GLOSSARY =
  "| term | meaning | chapter |\n| --- | --- | --- |\n| masking key | … | [2](course/02_frames.md) |\n";

test("firstUse() finds a term that is used before it is explained, and tells whether it is in italics", () => {
  const [term] = termsOf(GLOSSARY);
  assert.ok(term !== undefined);
  assert.deepEqual(firstUse(term, ["", "a _masking key_ is"])?.introduced, true);
  assert.deepEqual(firstUse(term, ["", "_masking\nkeys_ are"])?.introduced, true);
  assert.deepEqual(firstUse(term, ["", "a masking key is _masking key_"])?.introduced, false);
  assert.deepEqual(firstUse(term, ["a Masking key", "a _masking key_"])?.chapter, 1);
  assert.equal(firstUse(term, ["unmasking keyboards"]), undefined);
});
