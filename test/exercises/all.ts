/**
 * All exercises of the course, in the order of its chapters.
 *
 * @module
 */

import { UPGRADE_EXERCISES } from "./chapter_01.ts";
import { FRAMES_EXERCISES } from "./chapter_02.ts";
import { MESSAGES_EXERCISES } from "./chapter_03.ts";
import { CLOSING_EXERCISES } from "./chapter_04.ts";
import { CORE_AND_SHELL_EXERCISES } from "./chapter_05.ts";
import { WHO_ARE_YOU_EXERCISES } from "./chapter_06.ts";
import { WHO_IS_HERE_EXERCISES } from "./chapter_07.ts";
import { WHAT_MAY_YOU_SEND_EXERCISES } from "./chapter_08.ts";
import { MANY_AT_ONCE_EXERCISES } from "./chapter_09.ts";
import { COMPRESSION_EXERCISES } from "./chapter_10.ts";
import { HOW_WE_KNOW_EXERCISES } from "./chapter_11.ts";
import type { Exercise, NumberedExercise } from "./exercise.ts";

const BY_CHAPTER: readonly (readonly Exercise[])[] = [
  UPGRADE_EXERCISES,
  FRAMES_EXERCISES,
  MESSAGES_EXERCISES,
  CLOSING_EXERCISES,
  CORE_AND_SHELL_EXERCISES,
  WHO_ARE_YOU_EXERCISES,
  WHO_IS_HERE_EXERCISES,
  WHAT_MAY_YOU_SEND_EXERCISES,
  MANY_AT_ONCE_EXERCISES,
  COMPRESSION_EXERCISES,
  HOW_WE_KNOW_EXERCISES,
];

/** All of them, numbered. */
export const EXERCISES: readonly NumberedExercise[] = BY_CHAPTER
  .flatMap((exercises, index) => exercises.map((exercise) => ({ ...exercise, chapter: index + 1 })))
  .map((exercise, index) => ({ ...exercise, number: index + 1 }));

/** Those of one chapter. @param chapter From 1 on. */
export function exercisesOf(chapter: number): NumberedExercise[] {
  return EXERCISES.filter((exercise) => exercise.chapter === chapter);
}
