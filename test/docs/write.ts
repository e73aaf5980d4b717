/**
 * Writes what is made from the sources into the pages: `npm run docs`. The formatter has the last word on where
 * lines break.
 *
 * @module
 */

import { writeFileSync } from "node:fs";
import process from "node:process";
import { readProjectFile, ROOT } from "../support/source_tree.ts";
import { PAGES, unformatted } from "./pages.ts";
import { renewed } from "./renewed.ts";

// A runner of tests that loads every file must not write any.
if (process.argv[2] === "write") { for (const name of PAGES) write(name); }

function write(name: string): void {
  const page = readProjectFile(name);
  try {
    const written = renewed(page);
    if (unformatted(written) === unformatted(page)) return;
    writeFileSync(new URL(name, ROOT), written);
    console.log(`${name}: written`);
  } catch (error) {
    // The other pages can be written all the same.
    console.error(`${name}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
