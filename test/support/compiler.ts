/**
 * The TypeScript compiler of the development packages, where this runtime can run it.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { ROOT } from "./source_tree.ts";

const COMPILER = fileURLToPath(new URL("node_modules/typescript/bin/tsc", ROOT));

/** Runs the compiler. @returns What it printed, and its exit status. */
export function compile(...args: string[]): { readonly output: string; readonly status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [COMPILER, ...args], {
    cwd: fileURLToPath(ROOT),
    encoding: "utf8",
  });
  return { output: stdout + stderr, status };
}

/** Why the compiler cannot run here (it is not installed, or the runtime is another kind), or `false`. */
export const noCompiler: string | false = compile("--version").output.startsWith("Version")
  ? false
  : "No TypeScript compiler that this runtime can run";
