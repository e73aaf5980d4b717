/**
 * The client as the demo's page loads it: one file, made from src/client. A page cannot read TypeScript, and what runs the
 * demo from its sources (Node 20, 24, Deno) could not all make JavaScript of it. `npm run page` writes the file anew.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { ROOT } from "./source_tree.ts";

/** Where the file is. */
export const PAGE_CLIENT = "src/demo/page/portcullis.js";

// It comes with tsx, at the version that the lock file says.
const BUNDLER = new URL("node_modules/esbuild/bin/esbuild", ROOT);

/** Why the file cannot be made here, or `false`. */
export const noBundler: string | false = existsSync(BUNDLER)
  ? false
  : "The development packages are not installed";

/** Makes the file's text. */
export function makePageClient(): string {
  const { stdout, stderr, status } = spawnSync(fileURLToPath(BUNDLER), [
    "src/client/mod.ts",
    "--bundle",
    "--format=esm",
    "--target=es2022",
    "--charset=utf8",
    "--banner:js=// Made from src/client by `npm run page`: read it there.",
  ], { cwd: fileURLToPath(ROOT), encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

// A runner of tests that loads every file must not write any.
if (process.argv[2] === "write") {
  writeFileSync(new URL(PAGE_CLIENT, ROOT), makePageClient());
  console.log(`${PAGE_CLIENT}: written`);
}
