/**
 * Text of a stranger as it may be shown: nobody knows what it is, so that it is hidden where it looks like a token or a key.
 *
 * @module
 */

import { printable } from "../base/text.ts";

/**
 * By the type of the message that has one, in which JSON may be written in many ways; by the form of a JWS; and by the beginning of one that
 * was cut. The look back keeps a long word without a dot from being tried from each of its letters on.
 */
const TOKEN = /"auth(?:\.refresh)?"|\\u|(?<![\w-])[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}|eyJ[\w-]{8}/;

/** A ticket has 43 characters, and a key of 128 bits, the least that is any good, 22 in base64; few words of people are this long. */
const LONG_WORD = /[\w+/-]{20}/;

/** Whether text may be a token, or have one in it. */
export function mayHoldToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Whether text may be a secret of any kind, or have one in it: for places in which there is no need for long words. */
export function mayHoldSecret(text: string): boolean {
  return LONG_WORD.test(text) || TOKEN.test(text);
}

/** What is shown in place of a secret: nothing in place of nothing. */
export function hidden(secret: string): string {
  return secret === "" ? "" : `[hidden, ${secret.length} characters]`;
}

/**
 * Makes text of a stranger fit to be shown.
 *
 * @param text Anything.
 * @param maxLength How many characters of it are kept at the most.
 * @returns It, printable, or that it is hidden.
 */
export function seeText(text: string, maxLength?: number): string {
  return mayHoldSecret(text) ? hidden(text) : printable(text, maxLength);
}
