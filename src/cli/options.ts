/**
 * From the words of a command line to what was given.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { CliError, type Command, type Given } from "./command.ts";

/**
 * Reads the words behind the name of a command.
 *
 * @param args The words.
 * @param command Says what may be given.
 * @throws {CliError} For an option that there is not, one without its value, and too many or too few words.
 */
export function readGiven(args: readonly string[], command: Command): Given {
  const { values, positionals } = parsed(args, command);
  const { min, max } = command.positionals;
  if (positionals.length < min || positionals.length > max) {
    throw new CliError(
      positionals.length < min
        ? `Something is missing: ${command.usage}.`
        : `"${positionals[max]}" is too much.`,
    );
  }
  return {
    positionals,
    text: (name) => {
      const value = values[name];
      return typeof value === "string" ? value : undefined;
    },
    list: (name) => {
      const value = values[name];
      return Array.isArray(value) ? value as readonly string[] : [];
    },
    flag: (name) => values[name] === true,
  };
}

function parsed(args: readonly string[], { options }: Command): {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
} {
  const config = Object.entries(options).map(([name, { value, short, isList = false }]) => {
    const type = value === undefined ? "boolean" as const : "string" as const;
    return [name, { type, multiple: isList, ...(short === undefined ? {} : { short }) }] as const;
  });
  try {
    return parseArgs({ args: [...args], options: Object.fromEntries(config), allowPositionals: true });
  } catch (error) {
    // The first sentence says what is wrong, the others how to write a word that begins with a dash.
    const [sentence = ""] = String((error as Error).message).split(/(?<=')\. |\n/);
    throw new CliError(`${sentence.replace(/\.$/, "")}.`);
  }
}

/** Parts of a duration, in seconds. */
const SECONDS_OF: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3_600, d: 86_400 };

/**
 * Reads a duration: `90`, `90s`, `15m`, `2h` or `1d`.
 *
 * @param name Of the option.
 * @param text As it was given.
 * @param usual What it is when it was not.
 * @returns Seconds.
 * @throws {CliError} For anything else.
 */
export function readSeconds(name: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  const [, number, unit = ""] = /^(\d{1,9}(?:\.\d{1,3})?)([smhd]?)$/.exec(text) ?? [];
  if (number === undefined) {
    throw new CliError(`--${name} is "${text}"; it must be a time as 90, 90s, 15m, 2h or 1d.`);
  }
  return Number(number) * (SECONDS_OF[unit] as number);
}

/**
 * Reads a whole number.
 *
 * @param name Of the option.
 * @param text As it was given.
 * @param usual What it is when it was not.
 * @throws {CliError} For anything else.
 */
export function readCount(name: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new CliError(`--${name} is "${text}"; it must be a whole number.`);
}
