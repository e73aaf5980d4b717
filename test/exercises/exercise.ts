/**
 * What an exercise is: one line of the sources changed, and what the reader is asked about it.
 *
 * @module
 */

import type { Patch } from "../mutants/broken_copy.ts";

/** One exercise: a patch within one line. */
export interface Exercise extends Patch {
  /** What the reader is asked. */
  readonly question: string;
  /** The tests that matter, by their paths from the root. */
  readonly tests: readonly string[];
  /** One of those that turn red, by its name: that for the reason which the answer gives. */
  readonly noticedBy: string;
  /** What goes wrong, for whom, and which test notices. */
  readonly answer: string;
}

/** An exercise with its place in the course. */
export interface NumberedExercise extends Exercise {
  /** From 1 on, through all chapters. */
  readonly number: number;
  readonly chapter: number;
}
