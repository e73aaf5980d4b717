import assert from "node:assert/strict";
import { test } from "node:test";
import { filesBelow, readProjectFile, sourceFiles } from "../support/source_tree.ts";
import { withFigures } from "./figures.ts";
import { madeBlocks, madeBlocksOf, withMadeBlocks } from "./made.ts";
import { DOCS, PAGES, proseOf, unformatted } from "./pages.ts";
import { regionsIn, shownRegions, withRegions } from "./regions.ts";
import { renewed } from "./renewed.ts";

for (const name of PAGES) {
  test(`${name} shows what the sources say`, () => {
    const page = readProjectFile(name);
    const [is = [], should = []] = [page, renewed(page)].map((text) => unformatted(text).split(" "));
    const at = should.findIndex((word, index) => word !== is[index]);
    const around = (words: readonly string[]) => words.slice(Math.max(0, at - 10), at + 10).join(" ");
    assert.equal(around(is), around(should), "run `npm run docs`");
    assert.equal(is.length, should.length, "run `npm run docs`");
  });
}

test("every region of the sources is shown in a page, and every block that is made", () => {
  const pages = PAGES.map((name) => readProjectFile(name));
  const shown = new Set(pages.flatMap(shownRegions).map(({ file, name }) => `${file}#${name}`));
  for (const file of [...sourceFiles(), ...filesBelow("test", ".ts")]) {
    for (const name of regionsIn(readProjectFile(file)).keys()) {
      assert.ok(shown.has(`${file}#${name}`), `${file}#${name}`);
    }
  }
  const made = pages.flatMap(madeBlocksOf);
  assert.deepEqual(made.sort(), madeBlocks().sort());
});

test("the text before a region links to its file", () => {
  for (const name of PAGES) {
    const page = readProjectFile(name);
    for (const { file, index } of shownRegions(page)) {
      const before = page.slice(0, index).split("\n\n").slice(-3).join("\n");
      assert.ok(before.includes(`/${file})`), `${name}: ${file}`);
    }
  }
});

test("each page of docs says in its first sentence what its reader will know", () => {
  for (const name of DOCS) {
    const [, first = ""] = readProjectFile(name).split("\n\n");
    assert.match(first, /^After this (?:page|chapter),? you\s(?:know|can)\s/, name);
  }
});

const SOURCE =
  "one\n  // #region outer\n  two\n    // #region inner\n    three\n\n    four\n    // #endregion\n  // #endregion\n";

test("regionsIn() takes the lines between markers, without the markers, from the left margin", () => {
  assert.deepEqual(
    [...regionsIn(SOURCE)],
    [["inner", "three\n\nfour\n"], ["outer", "two\n  three\n\n  four\n"]],
  );
});

test("regionsIn() throws for markers that do not match, and for two of one name", () => {
  assert.throws(() => regionsIn("// #region a\n"), /does not end/);
  assert.throws(() => regionsIn("// #endregion\n"), /has not begun/);
  const region = "// #region a\n// #endregion\n";
  assert.throws(() => regionsIn(region + region), /two regions a/);
});

test("withRegions() changes a page whose region is not as the file has it any more", () => {
  const fence = (lines: string) => `<!-- deno-fmt-ignore -->\n\`\`\`ts src/a.ts#inner\n${lines}\`\`\`\n`;
  const renew = (page: string) => withRegions(page, () => SOURCE);
  assert.equal(renew(fence("three\n\nfour\n")), fence("three\n\nfour\n"));
  assert.equal(renew(fence("three\nfive\n")), fence("three\n\nfour\n"));
  assert.throws(() => withRegions(fence(""), () => "one\n"), /no region inner/);
});

test("withMadeBlocks() changes a page whose block is out of date, and throws for one that nobody makes", () => {
  const stale = "<!-- made: demo -->\n\n| old |\n\n<!-- /made -->\n";
  assert.match(withMadeBlocks(stale), /\| `chat.say` \|/);
  assert.equal(withMadeBlocks(withMadeBlocks(stale)), withMadeBlocks(stale));
  assert.throws(() => withMadeBlocks(stale.replace("demo", "gone")), /Nobody makes/);
});

test("withFigures() changes a figure that is out of date, in its unit, and throws for one that there is not", () => {
  const page = "1<!-- figure: limits.maxFragments --> and 9<!-- figure: limits.closeTimeoutMs s -->";
  const now = "131,072<!-- figure: limits.maxFragments --> and 3<!-- figure: limits.closeTimeoutMs s -->";
  assert.equal(withFigures(page), now);
  assert.equal(withFigures(now), now);
  for (const name of ["limits.gone", "limits.maxFragments ms", "count.toString", "maxFragments"]) {
    assert.throws(() => withFigures(`1<!-- figure: ${name} -->`), /no figure/, name);
  }
});

test("unformatted() leaves out line breaks and the width of columns, but not within fences", () => {
  assert.equal(unformatted("a\nb\n\n| c   | d |\n"), unformatted("a b\n| c | d |\n"));
  assert.notEqual(unformatted("```text\na\nb\n```\n"), unformatted("```text\na b\n```\n"));
});

test("proseOf() leaves out what is no prose", () => {
  const page = "# A\n\nb `c` [d](e.md) [f.ts](f.ts)<!-- g -->\n\n```ts\nh\n```\n\n" +
    "<!-- made: i -->\n\nj\n\n<!-- /made -->\n\nNext: k\n";
  assert.deepEqual(proseOf(page).match(/\w+/g), ["b", "d"]);
});
