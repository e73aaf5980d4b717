/**
 * Writes what is made from the sources into docs/conformance.md and docs/wire.md: `npm run conformance`.
 *
 * @module
 */

import { writeFileSync } from "node:fs";
import process from "node:process";
import { withTables } from "./conformance_page.ts";
import { withReferenceTables } from "./reference_tables.ts";
import { readProjectFile, ROOT } from "./source_tree.ts";

const PAGES: Readonly<Record<string, (page: string) => string>> = {
  "docs/conformance.md": withTables,
  "docs/wire.md": withReferenceTables,
};

// A runner of tests that loads every file must not write any.
if (process.argv[2] === "write") {
  for (const [name, write] of Object.entries(PAGES)) {
    const page = readProjectFile(name);
    const written = write(page);
    if (written !== page) writeFileSync(new URL(name, ROOT), written);
    console.log(`${name}: ${written === page ? "up to date" : "written"}`);
  }
}
