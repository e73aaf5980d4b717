/**
 * The list of docs/reading_order.md, as data.
 *
 * @module
 */

import { readProjectFile } from "../support/source_tree.ts";

/** One file of the list. */
export interface ReadingEntry {
  /** From the project's root. */
  readonly file: string;
  /** Where its link leads. */
  readonly target: string;
  /** What the list says of it. */
  readonly text: string;
}

const ENTRY = /^\d+\. \[(src\/[^\]]+)\]\(\.\.\/([^)]+)\):([\s\S]*?)(?=\n\d+\. |\n\n)/gm;

/** Reads the list, in its order. */
export function readingOrder(): ReadingEntry[] {
  const page = `${readProjectFile("docs/reading_order.md")}\n\n`;
  return [...page.matchAll(ENTRY)].map(([, file = "", target = "", text = ""]) => ({ file, target, text }));
}

/** What the list says a file is about: its first words, up to a full stop. */
export function aboutOf({ text }: ReadingEntry): string {
  return /^(?: ★)?(.*?)\. After this/.exec(text.replaceAll(/\s+/g, " "))?.[1]?.trim() ?? "";
}
