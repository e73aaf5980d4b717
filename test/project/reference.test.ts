import assert from "node:assert/strict";
import { test } from "node:test";
import { normalizeTables, referenceTables } from "../support/reference_tables.ts";
import { readProjectFile } from "../support/source_tree.ts";

const page = normalizeTables(readProjectFile("docs/wire.md"));

for (const [name, table] of Object.entries(referenceTables)) {
  test(`docs/wire.md shows the ${name} as the sources have them`, () => {
    assert.ok(page.includes(normalizeTables(table)), `docs/wire.md must contain:\n\n${table}`);
  });
}
