/**
 * Cases that failed, kept as files: each is run again by `npm test`, so that a fault that was mended stays mended.
 *
 * @module
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { SubjectName } from "./subjects.ts";

/** A case that failed. */
export interface FoundCase {
  readonly subject: SubjectName;
  /** That of the case, not of the run. */
  readonly seed: number;
  /** What was wrong when it was found. */
  readonly differed: string;
  /** As the subject writes it. */
  readonly input: object;
}

const FOLDER = new URL("found/", import.meta.url);

/** Keeps a case. @returns The name of its file. */
export function saveCase(found: FoundCase): string {
  mkdirSync(FOLDER, { recursive: true });
  const name = `${found.subject}_${found.seed}.json`;
  writeFileSync(new URL(name, FOLDER), `${JSON.stringify(found, null, 2)}\n`);
  return `test/fuzz/found/${name}`;
}

/** Reads all cases that were kept. */
export function savedCases(): FoundCase[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER).filter((name) => name.endsWith(".json")).sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as FoundCase);
}
