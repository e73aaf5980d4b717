/**
 * The terms of docs/glossary.md, and where the course uses each first.
 *
 * @module
 */

import { readProjectFile } from "../support/source_tree.ts";
import { chapterOf } from "./course.ts";

/** A row of the glossary. */
export interface Term {
  readonly name: string;
  /** The chapter that explains it. */
  readonly chapter: number;
  /** Whether it is an ordinary word as well: in that sense it may stand in any chapter. */
  readonly isOrdinary: boolean;
}

/** The first use of a term. */
export interface Use {
  readonly chapter: number;
  /** Whether it is in italics there, as what is explained is. */
  readonly introduced: boolean;
  /** The words around it. */
  readonly context: string;
}

/** The chapter is the last cell; a star behind it says that the term is an ordinary word as well. */
const ROW = /^\| ([^|]+?) +\|.*\| \[(\d+)\]\(course\/(\w+)\.md\)( \*)? *\|$/gm;

/** All terms. */
export const TERMS: readonly Term[] = termsOf(readProjectFile("docs/glossary.md"));

/** Reads a glossary. @throws {Error} For a row that is not as the others, or links to another chapter than it says. */
export function termsOf(page: string): Term[] {
  const rows = [...page.matchAll(ROW)];
  const lines = page.split("\n").filter((line) => /^\| (?!term |-)/.test(line));
  if (rows.length !== lines.length) throw new Error(`${lines.length - rows.length} rows are no terms.`);
  return rows.map(([, name = "", number, page, star]) => {
    const chapter = Number(number);
    if (chapterOf(chapter).page !== page) throw new Error(`The row ${name} links to ${page}.`);
    return { name, chapter, isOrdinary: star !== undefined };
  });
}

/** Finds the first use of a term, or where it is explained, if it is an ordinary word. @param course The prose of all chapters, in order. */
export function firstUse({ name, isOrdinary }: Term, course: readonly string[]): Use | undefined {
  // A plural is the same term, and so is a term at the beginning of a sentence.
  const words = name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&").split(/[\s-]+/).join("[\\s-]+");
  const ending = /[^aeiou]y$/.test(name) ? `${words.slice(0, -1)}(?:y|ies)` : `${words}(?:e?s)?`;
  const word = `(?<![\\p{L}\\p{N}])${ending}(?![\\p{L}\\p{N}])`;
  const pattern = new RegExp(isOrdinary ? `(_)${word}(_)` : `(_?)${word}(_?)`, "iu");
  for (const [index, prose] of course.entries()) {
    const match = pattern.exec(prose);
    if (match === null) continue;
    const context = prose.slice(Math.max(0, match.index - 60), match.index + 60).replaceAll(/\s+/g, " ");
    return { chapter: index + 1, introduced: match[1] === "_" && match[2] === "_", context };
  }
  return undefined;
}
