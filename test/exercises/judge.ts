/**
 * The judge of the exercises: applies a patch to a copy of the project, and runs the tests that matter there.
 *
 * @module
 */

import { whileBroken } from "../mutants/broken_copy.ts";
import { runTests, type TestReport } from "../mutants/run_tests.ts";
import { readProjectFile } from "../support/source_tree.ts";
import type { Exercise } from "./exercise.ts";

/**
 * Judges one exercise.
 *
 * @param copy The folder of a copy, which is whole again afterwards.
 * @returns What the tests said; those that failed have caught it.
 */
export async function judge(copy: string, exercise: Exercise): Promise<TestReport> {
  return await whileBroken(copy, exercise, () => runTests(copy, exercise.tests, "the end"));
}

/** The line that an exercise changes, before and after. @throws {Error} When there is none, or more than one. */
export function patchedLine(
  { file, from, to }: Exercise,
): { readonly before: string; readonly after: string } {
  const source = readProjectFile(`src/${file}`);
  const line = source.split("\n").find((text) => text.includes(from));
  if (line === undefined || source.split(from).length !== 2) {
    throw new Error(`"${from}" must be in ${file} once, and in one line.`);
  }
  return { before: line.trim(), after: line.replace(from, () => to).trim() };
}
