/**
 * Breaks the sources in one place after another, in copies, and runs the tests: `node run.ts run` prints one line for each mutant, and
 * exits with 1 when one survives. `node run.ts run auth/ ticket` breaks only the files whose path contains one of the words.
 *
 * @module
 */

import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { Progress } from "../support/progress.ts";
import { copyProject, removeCopy, whileBroken } from "./broken_copy.ts";
import { type Mutant, MUTANTS } from "./mutants.ts";
import { runTests } from "./run_tests.ts";

if (process.argv[2] === "run") process.exit(await main(process.argv.slice(3)) ? 0 : 1);

async function main(words: readonly string[]): Promise<boolean> {
  const chosen = MUTANTS.filter(({ file }) =>
    words.length === 0 || words.some((word) => file.includes(word))
  );
  if (chosen.length === 0) {
    throw new Error(`No file that is broken has one of these in its path: ${words.join(", ")}`);
  }
  const copies = Array.from({ length: availableParallelism() }, () => copyProject());
  try {
    await checkWhole(copies[0] as string, chosen); // There is always one processor.
    const noticed = chosen.length - await countSurvivors(copies, chosen);
    console.log(`mutants: ${noticed} of ${chosen.length} noticed`);
    return noticed === chosen.length;
  } finally {
    for (const copy of copies) removeCopy(copy);
  }
}

async function checkWhole(copy: string, mutants: readonly Mutant[]): Promise<void> {
  for (const folder of new Set(mutants.map(({ file }) => dirname(file)))) {
    if (await passes(copy, testsOf(copy, folder))) continue;
    throw new Error(`The tests of ${folder} fail before anything is broken.`);
  }
}

/** In each copy, takes one mutant after another from those that are left. */
async function countSurvivors(copies: readonly string[], mutants: readonly Mutant[]): Promise<number> {
  const progress = new Progress({ name: "mutants", noun: "mutants", total: { count: mutants.length } });
  const left = mutants.values();
  let survivors = 0;
  const work = async (copy: string) => {
    for (const mutant of left) {
      const survived = await survives(copy, mutant);
      if (survived) {
        survivors++;
        progress.failed();
      }
      progress.clear();
      console.log(`${survived ? "✖ SURVIVED" : "✔ noticed"}: ${mutant.file} ${mutant.wrong}`);
      progress.advance();
    }
  };
  try {
    await Promise.all(copies.map(work));
  } finally {
    progress.end();
  }
  return survivors;
}

async function survives(copy: string, mutant: Mutant): Promise<boolean> {
  const { file } = mutant;
  const tests = testsOf(copy, dirname(file));
  // The tests of the file itself are the likeliest to notice.
  const own = tests.filter((test) => basename(test).startsWith(basename(file, ".ts")));
  return await whileBroken(
    copy,
    mutant,
    async () => (own.length === 0 || await passes(copy, own)) && await passes(copy, tests),
  );
}

/** The tests of a folder of `src`: those in the folder of the same name. */
function testsOf(copy: string, folder: string): string[] {
  const names = readdirSync(join(copy, "test", folder)).filter((name) => name.endsWith(".test.ts"));
  return names.map((name) => `test/${folder}/${name}`);
}

async function passes(copy: string, tests: readonly string[]): Promise<boolean> {
  return (await runTests(copy, tests, "the first failure")).allPassed;
}
