/**
 * How the command line writes: colour only where a person sees it and has not asked for none, and never instead of a word; and nothing of
 * a stranger's text that a terminal would take for an order.
 *
 * @module
 */

import type { CliContext, Output } from "./command.ts";

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** The name of one way to write. */
export type StyleName = keyof typeof CODES;

/** Writes a text in a style, or as it is. */
export type Style = (name: StyleName, text: string) => string;

/**
 * Chooses how to write.
 *
 * @param output Where to.
 * @param context Whose environment may ask for no colour (`no-color.org`).
 */
export function styleFor(output: Output, { env }: CliContext): Style {
  const isPlain = output.isTTY !== true || (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return isPlain ? (_name, text) => text : (name, text) => `\x1b[${CODES[name]}m${text}\x1b[0m`;
}

/** Controls of both kinds, what turns the direction of writing, and half characters. */
// deno-lint-ignore no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;

/**
 * Makes text of a stranger safe for a terminal. Letters of all languages stay as they are.
 *
 * @param text Anything.
 * @param maxLength How many characters of it are kept at the most.
 */
export function terminalSafe(text: string, maxLength: number = Infinity): string {
  const more = text.length - maxLength;
  const kept = more > 0 ? `${text.slice(0, maxLength)}… and ${more} more characters` : text;
  return kept.replace(UNSAFE, (unit) => `\\u{${(unit.codePointAt(0) ?? 0).toString(16)}}`);
}
