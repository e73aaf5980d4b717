/**
 * The table of docs/attacks.md, made from the attack lab.
 *
 * @module
 */

import { ATTACKS } from "../attacks/all.ts";
import { markdownTable } from "../support/markdown_table.ts";
import { chapterOf } from "./course.ts";

/** Each attack: what is done, which clause speaks of it, the line that defends, and the chapter that explains it. */
export function attacksTable(): string {
  const rows = ATTACKS.map(({ name, summary, clause, defence, chapter }) => {
    const place = `[${defence.file}](../${defence.file}): ${asCode(defence.text)}`;
    const explained = `[${chapter}](course/${chapterOf(chapter).page}.md)`;
    return [`\`${name}\``, asText(summary), asText(clause), place, explained];
  });
  return markdownTable(["attack", "what is done", "clause", "the line that defends", "chapter"], rows);
}

/** What would be markup is a piece of a program, in quotation marks or by itself. */
function asText(text: string): string {
  return text.replaceAll(/"[^"\s]*_[^"\s]*"|\S*[*_<>`]\S*/g, asCode);
}

function asCode(text: string): string {
  if (text.includes("`")) throw new Error(`A table cannot show ${text}.`);
  return `\`${text}\``;
}
