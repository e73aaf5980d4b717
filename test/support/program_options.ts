/**
 * The command lines of the long programs: numbers within bounds, and flags. What cannot be meant is refused in one line, and with exit code
 * 2: a run that looked at nothing must not say that nothing was wrong.
 *
 * @module
 */

import process from "node:process";
import { parseArgs } from "node:util";

/** The exit code of a command line that cannot be meant. */
const EXIT_USAGE = 2;

/** A number that can be given, and what it is when it is not. */
export interface NumberOption {
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/** What can be given. */
export interface ProgramOptions<Numbers extends string, Flags extends string> {
  readonly numbers: Readonly<Record<Numbers, NumberOption>>;
  readonly flags: readonly Flags[];
}

/** What was given: `given` names the options that were on the command line. */
export type Given<Numbers extends string, Flags extends string> =
  & Readonly<Record<Numbers, number>>
  & Readonly<Record<Flags, boolean>>
  & { readonly given: ReadonlySet<string> };

/** A command line that cannot be meant. */
export class UsageError extends Error {}

/**
 * Reads a command line.
 *
 * @param args What comes after the name of the program.
 * @param options What can be given.
 * @throws {UsageError} For an option that there is not, and a number that is none, or out of bounds.
 */
export function readOptions<Numbers extends string, Flags extends string>(
  args: readonly string[],
  { numbers, flags }: ProgramOptions<Numbers, Flags>,
): Given<Numbers, Flags> {
  const rows = Object.entries<NumberOption>(numbers);
  const values = parsed(args, rows.map(([name]) => name), flags);
  const read: Record<string, unknown> = { given: new Set(Object.keys(values)) };
  for (const [name, row] of rows) {
    read[name] = readNumber(`--${name}`, values[name], row);
  }
  for (const name of flags) read[name] = values[name] === true;
  // Just built, with each of the names.
  return read as Given<Numbers, Flags>;
}

/**
 * Reads a number.
 *
 * @param what What it is.
 * @param text As it was given, or `undefined`.
 * @param row What it may be.
 * @throws {UsageError} For one that is none, or out of bounds.
 */
export function readNumber(what: string, text: unknown, { default: usual, min, max }: NumberOption): number {
  if (text === undefined) return usual;
  const number = typeof text === "string" && /^[0-9]+$/.test(text) ? Number(text) : NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`${what} is "${String(text)}", and must be a whole number from ${min} to ${max}.`);
}

/** Runs a program that may throw a {@link UsageError}. @param main Gives the exit code. */
export async function runProgram(main: () => Promise<number>): Promise<number> {
  try {
    return await main();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT_USAGE;
  }
}

function parsed(
  args: readonly string[],
  numbers: readonly string[],
  flags: readonly string[],
): Readonly<Record<string, unknown>> {
  const texts = numbers.map((name) => [name, { type: "string" }] as const);
  const booleans = flags.map((name) => [name, { type: "boolean" }] as const);
  try {
    return parseArgs({ args: [...args], options: Object.fromEntries([...texts, ...booleans]) }).values;
  } catch (error) {
    // The rest is advice on arguments that begin with a dash.
    throw new UsageError((error as Error).message.split("\n", 1)[0]);
  }
}
