/**
 * What the attack lab shows: for each attack what is sent, what came of it on both servers, the line that defends, and where to read on.
 *
 * @module
 */

import { chapterOf, pageOf } from "../docs/course.ts";
import { PAGE_COLUMNS, wrapped } from "../support/wrapped.ts";
import { readProjectFile } from "../support/source_tree.ts";
import type { Attack, Defence, Outcome } from "./attack.ts";

/** Lists attacks, each with its sentence. */
export function listing(attacks: readonly Attack[]): string {
  const width = Math.max(...attacks.map(({ name }) => name.length)) + 2;
  return attacks.map(({ name, summary }) => paragraph(name.padEnd(width), summary)).join("\n");
}

/** What is going to be tried, before anything is. */
export function announcement({ name, summary, clause, sends }: Attack): string {
  const [first = "", ...others] = sends;
  return [
    name,
    paragraph("  ", summary),
    "",
    paragraph("  sent      ", first),
    ...others.map((line) => paragraph(" ".repeat(12), line)),
    paragraph("  clause    ", clause),
    "",
  ].join("\n");
}

/** What came of it on one of the servers. */
export function verdict(target: string, { succeeded, evidence }: Outcome): string {
  return `  ${succeeded ? "✖" : "✔"} ${target} ${succeeded ? "fell" : "held"}:\n${
    paragraph("    ", evidence)
  }\n`;
}

/** Where the defence is, and which chapter explains it. */
export function readOn({ defence, behind, chapter }: Attack): string {
  const explainedIn = chapterOf(chapter);
  const explained = `${chapter}. ${explainedIn.title} (${pageOf(explainedIn)})`;
  return [
    ...placed("  defence   ", defence),
    ...behind === undefined ? [] : placed("  behind it ", behind),
    paragraph("  chapter   ", explained),
    "",
  ].join("\n");
}

function placed(start: string, defence: Defence): string[] {
  return [`${start}${defence.file}:${lineOf(defence)}`, " ".repeat(start.length) + defence.text];
}

/** The number of the line that defends, from 1 on. @throws {Error} When there is none, or more than one. */
export function lineOf({ file, text }: Defence): number {
  const lines = readProjectFile(file).split("\n").map((line) => line.trim());
  const first = lines.indexOf(text);
  if (first < 0 || lines.lastIndexOf(text) !== first) {
    throw new Error(`${file} must have one line ${JSON.stringify(text)}.`);
  }
  return first + 1;
}

/** A text in lines, all of which begin where its first one does. */
function paragraph(start: string, text: string): string {
  return start + wrapped(text, PAGE_COLUMNS - start.length).join(`\n${" ".repeat(start.length)}`);
}
