/**
 * What a command of the command line is: its options and examples as data, from which the help is made, and a function that runs it.
 *
 * @module
 */

import type { Readable } from "node:stream";

/** Where a command writes to. */
export interface Output {
  write(text: string): unknown;
  /** Whether a person sees it. */
  readonly isTTY?: boolean | undefined;
}

/** What a command has of the world. */
export interface CliContext {
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The time, in milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** One option. */
export interface OptionRow {
  /** What its value is called in the help; without it, the option is a flag. */
  readonly value?: string;
  readonly short?: string;
  /** Whether it may be given more than once. */
  readonly isList?: boolean;
  readonly help: string;
}

/** What was given: texts, lists and flags by the names of their options. */
export interface Given {
  readonly positionals: readonly string[];
  text(name: string): string | undefined;
  list(name: string): readonly string[];
  flag(name: string): boolean;
}

/** One command. */
export interface Command {
  readonly summary: string;
  /** What comes behind the name of the command. */
  readonly usage: string;
  /** More than the summary, for its own help. */
  readonly about: string;
  readonly options: Readonly<Record<string, OptionRow>>;
  /** How many words it takes besides its options. */
  readonly positionals: { readonly min: number; readonly max: number };
  readonly examples: readonly string[];
  /** @returns The exit code: 0, or 1 when something was refused. */
  run(given: Given, context: CliContext): Promise<number>;
}

/** The exit code of a refusal: what was asked is understood, and the answer is no. */
export const EXIT_REFUSED = 1;

/** The exit code of a command line that cannot be meant. */
export const EXIT_USAGE = 2;

/** A reason to end, in a line for people: nothing that a user or a peer does is worth a stack. */
export class CliError extends Error {
  readonly exitCode: number;

  /**
   * @param message A sentence.
   * @param exitCode By default that of a command line that cannot be meant.
   */
  constructor(message: string, exitCode: number = EXIT_USAGE) {
    super(message);
    this.exitCode = exitCode;
  }
}
