import assert from "node:assert/strict";
import { test } from "node:test";
import { readProjectFile } from "../support/source_tree.ts";
import { anchorsOf, deadLinks, lostPlaces } from "./links.ts";
import { PAGES } from "./pages.ts";

for (const page of PAGES) {
  test(`every link and every place that ${page} names is there`, () => {
    assert.deepEqual(deadLinks(page, readProjectFile(page)), []);
    assert.deepEqual(lostPlaces(readProjectFile(page)), []);
  });
}

test("deadLinks() lists links to files and headings that are not there, and no others", () => {
  const page =
    "# One\n\n[a](wire.md) [b](gone.md) [c](#one) [d](#two) [e](wire.md#the-handshake) [f](wire.md#gone)\n";
  assert.deepEqual(deadLinks("docs/cli.md", page), ["gone.md", "#two", "wire.md#gone"]);
});

test("anchorsOf() writes headings as anchors, and numbers those that are there twice", () => {
  const page = "# A page's head: `code`\n\n```text\n# no heading\n```\n\n## Again\n\n## Again\n";
  assert.deepEqual(anchorsOf(page), ["a-pages-head-code", "again", "again-1"]);
});

test("lostPlaces() lists files and symbols that are not there, and no others", () => {
  const page = "`src/mod.ts` `src/gone.ts` `src/protocol/mask.ts#applyMask` `src/protocol/mask.ts#gone` " +
    "`src/protocol/protocol.ts#Protocol.receive` `src/protocol/protocol.ts#Protocol.gone`";
  assert.deepEqual(lostPlaces(page), [
    "src/gone.ts",
    "src/protocol/mask.ts#gone",
    "src/protocol/protocol.ts#Protocol.gone",
  ]);
});
