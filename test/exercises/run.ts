/**
 * The exercises of the course: `npm run exercise` lists them, `npm run exercise -- N` applies the patch of one to a copy of the project,
 * runs the tests that matter there, and shows which turned red, and the answer. It exits with 1 when none did, and with 2 for an
 * exercise that there is not.
 *
 * @module
 */

import process from "node:process";
import { chapterOf, CHAPTERS, pageOf } from "../docs/course.ts";
import { copyProject, removeCopy } from "../mutants/broken_copy.ts";
import { readNumber, runProgram, UsageError } from "../support/program_options.ts";
import { EXERCISES, exercisesOf } from "./all.ts";
import type { NumberedExercise } from "./exercise.ts";
import { judge, patchedLine } from "./judge.ts";

// Whoever reads just the first lines may then hang up.
process.stdout.on("error", () => undefined);

process.exitCode = await runProgram(() => main(process.argv.slice(2)));

async function main([wanted, ...more]: readonly string[]): Promise<number> {
  if (more.length > 0) throw new UsageError("One exercise at a time: give one number.");
  if (wanted === undefined) return list();
  const bounds = { default: 1, min: 1, max: EXERCISES.length };
  const number = readNumber("The number of the exercise", wanted, bounds);
  return await show(EXERCISES[number - 1] as NumberedExercise); // Within the bounds.
}

function list(): number {
  for (const { number, title } of CHAPTERS) {
    console.log(`${number}. ${title}`);
    for (const exercise of exercisesOf(number)) {
      console.log(`  ${String(exercise.number).padStart(2)}  ${exercise.file}: ${exercise.question}`);
    }
  }
  console.log(
    "\n`npm run exercise -- N` applies one to a copy, and shows which tests notice, and the answer.",
  );
  return 0;
}

async function show(exercise: NumberedExercise): Promise<number> {
  const { number, chapter, file, question, tests, answer } = exercise;
  const { before, after } = patchedLine(exercise);
  const page = pageOf(chapterOf(chapter));
  console.log(
    `Exercise ${number}, of ${page}\n\nsrc/${file}\n- ${before}${after === "" ? "" : `\n+ ${after}`}`,
  );
  console.log(`\n${question}\n\nIn a copy of the project that has this patch: ${tests.join(", ")} …`);
  const copy = copyProject();
  try {
    const { passed, failed, allPassed } = await judge(copy, exercise);
    for (const name of failed) console.log(`  ✖ ${name}`);
    console.log(
      allPassed
        ? "  Nothing noticed."
        : failed.length === 0
        ? "  They did not come to their end, which is red, too."
        : `  ${failed.length} of ${failed.length + passed.length} tests turned red.`,
    );
    console.log(`\n${answer}`);
    return allPassed ? 1 : 0;
  } finally {
    removeCopy(copy);
  }
}
