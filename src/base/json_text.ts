/**
 * What the text of JSON tells and `JSON.parse` does not: how deeply it is nested, before it is parsed, and how many members
 * an object was written with, of which only the last of each name is left afterwards. And the members of whatever a stranger sends, which
 * may be no object at all.
 *
 * @module
 */

/**
 * Tells whether JSON is nested more deeply than it may be, before it is parsed. A bracket inside a string does not count.
 *
 * @param text Anything; a text that is not JSON may be misjudged, which does no harm, as it is refused either way.
 * @param maxDepth How deeply objects and arrays may be nested.
 */
export function isDeeper(text: string, maxDepth: number): boolean {
  // Each level takes two characters, one of them a bracket that opens it: a text with no more brackets than levels cannot be deeper.
  if (text.length <= 2 * maxDepth || !opensMoreThan(text, maxDepth)) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (++depth > maxDepth) return true;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth--;
    }
  }
  return false;
}

/** Counts brackets that open, those inside strings included, no further than it must. */
function opensMoreThan(text: string, limit: number): boolean {
  let found = 0;
  for (const bracket of ["{", "["]) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++found > limit) return true;
    }
  }
  return false;
}

/**
 * Counts the members of an object, those of the objects inside it not included.
 *
 * @param text The text of one object, which `JSON.parse` has taken.
 * @returns How many members stand in the text. The parsed object has fewer when two have the same name, however that was
 * written (`"a"` and `"\u0061"`).
 */
export function countMembers(text: string): number {
  let depth = 0;
  let members = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COLON && depth === 1) members++;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
  }
  return members;
}

/** Where the string that begins here ends; the end of the text when it does not. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return text.length;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Reads the members of a JSON object.
 *
 * @param text Anything.
 * @returns The object; `undefined` for what is not JSON, or no object.
 */
export function membersOf(text: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // Not JSON: the peer's fault, and JSON.parse has no other way to say so.
  }
  return typeof value === "object" && value !== null ? value as Readonly<Record<string, unknown>> : undefined;
}
