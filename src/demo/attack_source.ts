/**
 * The place in the sources that refuses an attack, to be read beside it. The package brings its sources along.
 *
 * @module
 */

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A few lines of a file. */
export interface Excerpt {
  /** As `src/auth/door.ts`. */
  readonly file: string;
  /** The number of the line that refuses, from 1 on; 0 when the sources are not there. */
  readonly line: number;
  /** The number of the first line that is shown. */
  readonly firstLine: number;
  /** The lines around it. */
  readonly lines: readonly string[];
}

/** How many lines are shown before and after the one that refuses. */
const AROUND = 3;

/** From this file in `src/`, and from its build in `dist/`. */
const ROOTS = ["../", "../../src/"];

/**
 * Reads the lines around a place.
 *
 * @param place A file of `src/`, and a part of a line in it.
 */
export function readExcerpt({ file, line }: { readonly file: string; readonly line: string }): Excerpt {
  const path = ROOTS.map((root) => fileURLToPath(new URL(root + file, import.meta.url))).find(existsSync);
  const all = path === undefined ? [] : readFileSync(path, "utf8").split("\n");
  const at = all.findIndex((text) => text.includes(line));
  const first = Math.max(0, at - AROUND);
  return {
    file: `src/${file}`,
    line: at + 1,
    firstLine: first + 1,
    lines: at < 0 ? [] : all.slice(first, at + AROUND + 1),
  };
}
