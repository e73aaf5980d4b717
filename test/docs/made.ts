/**
 * The blocks of pages that are made from the sources: between `<!-- made: NAME -->` and `<!-- /made -->`.
 *
 * @module
 */

import { EXERCISES, exercisesOf } from "../exercises/all.ts";
import type { NumberedExercise } from "../exercises/exercise.ts";
import { patchedLine } from "../exercises/judge.ts";
import { conformanceTables } from "../support/conformance_page.ts";
import { markdownTable } from "../support/markdown_table.ts";
import { referenceTables } from "../support/reference_tables.ts";
import { CHAPTERS, pageOf } from "./course.ts";
import { attacksTable } from "./made_attacks.ts";
import { referenceBlocks } from "./made_reference.ts";
import { traceParts } from "./made_trace.ts";
import { aboutOf, readingOrder } from "./reading_order.ts";

const BLOCK = /^<!-- made: ([\w ]+) -->\n[\s\S]*?^<!-- \/made -->$/gm;

/** The makers of all blocks, by name. */
const MAKERS: ReadonlyMap<string, () => string> = new Map([
  ["attacks", attacksTable],
  ["chapters", chapters],
  ["conformance", conformanceTables],
  ["all exercises", allExercises],
  ...CHAPTERS.flatMap(({ number, files }) =>
    [
      [`exercises ${number}`, () => exercisesOf(number).map(exercise).join("\n")],
      [`files ${number}`, () => filesList(files)],
    ] as const
  ),
  ...referenceBlocks,
  ...Object.entries(referenceTables).map(([name, text]) => [inWords(name), () => text] as const),
  ...Object.entries(await traceParts()).map(([name, text]) => [`trace ${name}`, () => text] as const),
]);

/** The names of the blocks that a page shows. */
export function madeBlocksOf(page: string): string[] {
  return [...page.matchAll(BLOCK)].map(([, name = ""]) => name);
}

/** The names of all blocks that can be made. */
export function madeBlocks(): string[] {
  return [...MAKERS.keys()];
}

/** The page with each of its blocks made anew. @throws {Error} For a block that nobody makes. */
export function withMadeBlocks(page: string): string {
  return page.replaceAll(BLOCK, (_block, name: string) => {
    const make = MAKERS.get(name);
    if (make === undefined) throw new Error(`Nobody makes a block ${name}.`);
    return `<!-- made: ${name} -->\n\n${make().trim()}\n\n<!-- /made -->`;
  });
}

/** The name of a table as a page has it: `close codes`. */
function inWords(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function chapters(): string {
  return CHAPTERS.map((chapter) =>
    `${chapter.number}. [${chapter.title}](${pageOf(chapter).replace(/^docs\//, "")})\n`
  ).join("");
}

function exercise(one: NumberedExercise): string {
  const { number, file, question, tests } = one;
  const { before, after } = patchedLine(one);
  const patch = `- ${before}\n${after === "" ? "" : `+ ${after}\n`}`;
  const judges = tests.map((test) => `[${test}](../../${test})`).join(" and ");
  return `### Exercise ${number}\n\nIn [src/${file}](../../src/${file}), judged by ${judges}:\n\n` +
    `\`\`\`diff\n${patch}\`\`\`\n\n${question}\n\n\`\`\`sh\nnpm run exercise -- ${number}\n\`\`\`\n`;
}

function allExercises(): string {
  return markdownTable(
    ["exercise", "chapter", "file", "question"],
    EXERCISES.map((
      { number, chapter, file, question },
    ) => [String(number), String(chapter), `\`${file}\``, question]),
  );
}

function filesList(files: readonly string[]): string {
  const entries = readingOrder();
  return files.map((name) => {
    const entry = entries.find(({ file }) => file === `src/${name}.ts`);
    if (entry === undefined) throw new Error(`docs/reading_order.md has no src/${name}.ts.`);
    return `- [${name}.ts](../../src/${name}.ts): ${aboutOf(entry)}\n`;
  }).join("");
}
