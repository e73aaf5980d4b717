import assert from "node:assert/strict";
import { test } from "node:test";
import { importsOf, readProjectFile, resolveImport, sourceFiles } from "../support/source_tree.ts";

const page = readProjectFile("docs/reading_order.md");
const entries = [
  ...page.matchAll(/^\d+\. \[(src\/[^\]]+)\]\(\.\.\/([^)]+)\):([\s\S]*?)(?=\n\d+\. |\n## |$(?![\s\S]))/gm),
];
const order = entries.map((entry) => entry[1] as string);

test("docs/reading_order.md lists every source file once", () => {
  assert.deepEqual([...order].sort(), sourceFiles());
});

test("docs/reading_order.md lists each file after all that it imports", () => {
  const read = new Set<string>();
  for (const file of order) {
    for (const specifier of importsOf(file).filter((name) => name.startsWith("."))) {
      const target = resolveImport(file, specifier);
      assert.ok(read.has(target), `${file} comes before ${target}, which it imports`);
    }
    read.add(file);
  }
});

test("docs/reading_order.md links each entry and says what each explains", () => {
  for (const [, label = "", target, text = ""] of entries) {
    assert.equal(target, label);
    assert.match(text, /After\s+this\s+you\s+can\s+explain/, label);
  }
});
