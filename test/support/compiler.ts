/**
 * The TypeScript compiler of the development packages, where this runtime can run it.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
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

/**
 * Type-checks programs of a folder as strictly as the project itself, and each declaration file that they need.
 *
 * @param folder Where they are.
 * @param files The programs.
 * @param packages Where the types for Node are, and the packages that they import.
 * @returns What the compiler says: nothing, when all is well.
 */
export function typeFaults(folder: string, files: readonly string[], packages: URL = ROOT): string {
  const project = join(folder, "tsconfig.json");
  const types = fileURLToPath(new URL("node_modules/@types/node/index.d.ts", packages));
  const base = fileURLToPath(new URL("tsconfig.json", ROOT));
  const compilerOptions = { rewriteRelativeImportExtensions: false, noUnusedLocals: false };
  const settings = { extends: base, compilerOptions, files: [types, ...files], include: [] };
  writeFileSync(project, JSON.stringify(settings));
  const { output, status } = compile("-p", project);
  return status === 0 ? output : `${output}The compiler ended with ${status}.`;
}
