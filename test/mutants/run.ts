/**
 * Breaks the sources in one place after another, in a copy, and runs the tests: `node run.ts run` prints one line for each mutant, and
 * exits with 1 when one survives.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type Mutant, MUTANTS } from "./mutants.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A mutant that makes a test run for ever is noticed, too. */
const TIMEOUT_MS = 60_000;

if (process.argv[2] === "run") process.exit(main() ? 0 : 1);

function main(): boolean {
  const copy = mkdtempSync(join(tmpdir(), "mutants-"));
  for (const name of ["src", "test", "package.json"]) {
    const installed = (path: string) => path.includes("node_modules");
    cpSync(join(ROOT, name), join(copy, name), {
      recursive: true,
      filter: (path) => !installed(path.slice(ROOT.length)),
    });
  }
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  const allTests = readdirSync(join(copy, "test/protocol")).filter((name) => name.endsWith(".test.ts"));
  if (!passes(copy, allTests)) throw new Error("The tests fail before anything is broken.");
  let survivors = 0;
  for (const mutant of MUTANTS) {
    const noticed = !survives(copy, mutant, allTests);
    if (!noticed) survivors++;
    console.log(`${noticed ? "✔ noticed" : "✖ SURVIVED"}: ${mutant.file} ${mutant.wrong}`);
  }
  rmSync(copy, { recursive: true });
  console.log(`mutants: ${MUTANTS.length - survivors} of ${MUTANTS.length} noticed`);
  return survivors === 0;
}

function survives(copy: string, { file, from, to }: Mutant, allTests: readonly string[]): boolean {
  const path = join(copy, "src/protocol", file);
  const whole = readFileSync(path, "utf8");
  if (whole.split(from).length !== 2) throw new Error(`"${from}" must occur once in ${file}.`);
  writeFileSync(path, whole.replace(from, () => to));
  // The tests of the file itself are the likeliest to notice.
  const own = allTests.filter((name) => name.startsWith(file.replace(".ts", "")));
  const survived = (own.length === 0 || passes(copy, own)) && passes(copy, allTests);
  writeFileSync(path, whole);
  return survived;
}

function passes(copy: string, tests: readonly string[]): boolean {
  const paths = tests.map((name) => join("test/protocol", name));
  const args = [...process.execArgv, "--test", ...paths];
  return spawnSync(process.execPath, args, { cwd: copy, stdio: "ignore", timeout: TIMEOUT_MS }).status === 0;
}
