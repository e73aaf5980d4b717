/**
 * Text of strangers on its way into a log or a header.
 *
 * @module
 */

/** The most characters of a stranger's text that are kept, when nothing else is said. */
const MAX_PRINTED = 64;

/**
 * Makes text of a stranger safe to print: bounded, and without characters that end a line, move a cursor, reverse the
 * direction of writing or stand for half a character.
 *
 * @param text Anything.
 * @param maxLength How many characters of it are kept at the most.
 * @returns So many characters of it, and … where there were more; everything but visible ASCII as `\u{…}`.
 *
 * @example
 * ```ts
 * import { printable } from "portcullis";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(printable("ada\r\nroot logged in"), "ada\\u{d}\\u{a}root logged in");
 * ```
 */
export function printable(text: string, maxLength: number = MAX_PRINTED): string {
  const kept = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  let safe = "";
  for (const character of kept) {
    // What a string is iterated in is never empty.
    const code = character.codePointAt(0) as number;
    const plain = (code >= 0x20 && code < 0x7f && character !== "\\") || character === "…";
    safe += plain ? character : `\\u{${code.toString(16)}}`;
  }
  return safe;
}
