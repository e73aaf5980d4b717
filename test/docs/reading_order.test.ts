import assert from "node:assert/strict";
import { test } from "node:test";
import { importsOf, resolveImport, sourceFiles } from "../support/source_tree.ts";
import { aboutOf, readingOrder } from "./reading_order.ts";

const entries = readingOrder();
const order = entries.map(({ file }) => file);

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
  for (const entry of entries) {
    assert.equal(entry.target, entry.file);
    assert.match(entry.text, /After\s+this\s+you\s+can\s+explain/, entry.file);
    assert.notEqual(aboutOf(entry), "", entry.file);
  }
});
