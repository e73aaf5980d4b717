/**
 * The wire between client and server: JSON text, one envelope for all messages.
 *
 * @module
 */

import { fault, ok, type Result } from "../base/result.ts";

/** A message of a client. */
export interface Envelope {
  /** Selects the row of the permission table. */
  readonly type: string;
  /** The caller's correlation id, 1 to 128 characters; comes back as `re`. */
  readonly id: string | undefined;
  /** What the row's validator judges. */
  readonly data: unknown;
}

/** Why a message is denied: one row for each code of an `error` reply. A closed set, so that a client can branch on it. */
export const DENIALS = {
  malformed: { message: "The message is not a JSON envelope with a type.", retryable: false },
  unknown_type: { message: "The type of the message is not known here.", retryable: false },
  forbidden: { message: "Your roles do not allow this message.", retryable: false },
  expired: { message: "Your token has expired.", retryable: true },
  rate_limited: { message: "You send this message too often.", retryable: true },
  invalid_data: { message: "The data of the message is not valid for its type.", retryable: false },
  too_large: { message: "The message is too large.", retryable: false },
  internal: { message: "The server failed to handle the message.", retryable: true },
} as const;

/** The code of an `error` reply. */
export type DenialCode = keyof typeof DENIALS;

/** A "no", as it goes to the client. */
export interface Denial {
  /** Why. */
  readonly code: DenialCode;
  /** A sentence for people; by default that of the code. */
  readonly message?: string | undefined;
  /** When to try again, in milliseconds from now. */
  readonly retryAfterMs?: number | undefined;
}

/** The longest correlation id, in characters. */
export const MAX_ID_LENGTH = 128;

/**
 * Reads a client's message.
 *
 * @param text As it came.
 * @param maxDepth How deeply objects and arrays may be nested, the envelope itself included.
 * @returns The envelope. Otherwise the id, if at least that could be read, so that the denial finds its request.
 */
export function parseEnvelope(
  text: string,
  maxDepth: number,
): Result<Envelope, { readonly id: string | undefined }> {
  // What cannot be an envelope is refused by its first character: an exception costs more than all the rest.
  if (!BEGINS_LIKE_AN_OBJECT.test(text) || isDeeper(text, maxDepth)) return fault({ id: undefined });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fault({ id: undefined }); // Not JSON: the peer's fault, and JSON.parse has no other way to say so.
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return fault({ id: undefined });
  const { type, id, data } = value as {
    readonly type?: unknown;
    readonly id?: unknown;
    readonly data?: unknown;
  };
  if (id !== undefined && !isId(id)) return fault({ id: undefined });
  return typeof type === "string" ? ok({ type, id, data }) : fault({ id });
}

/**
 * Writes the positive reply to a message.
 *
 * @param id The correlation id of the message, if it had one.
 * @param data What the handler returned; `undefined` leaves the field out.
 * @returns The JSON.
 */
export function encodeOk(id: string | undefined, data: unknown): string {
  const re = id === undefined ? "" : `,"re":${JSON.stringify(id)}`;
  const json = data === undefined ? undefined : JSON.stringify(data);
  return json === undefined ? `{"type":"ok"${re}}` : `{"type":"ok"${re},"data":${json}}`;
}

/**
 * Writes the negative reply to a message.
 *
 * @param id The correlation id of the message, if it could be read.
 * @param denial Why.
 * @returns The JSON.
 */
export function encodeError(id: string | undefined, denial: Denial): string {
  const { code, message = DENIALS[code].message, retryAfterMs } = denial;
  return JSON.stringify({
    type: "error",
    re: id,
    code,
    message,
    retryable: DENIALS[code].retryable,
    retryAfterMs,
  });
}

/**
 * Writes a message that the server sends of itself.
 *
 * @param type The row of the permission table, or `hello`.
 * @param data Its data.
 * @returns The JSON.
 */
export function encodeDelivery(type: string, data: unknown): string {
  return JSON.stringify({ type, data });
}

const BEGINS_LIKE_AN_OBJECT = /^[ \t\r\n]*\{/;

/**
 * Tells whether JSON is nested more deeply than it may be, before it is parsed. A bracket inside a string does not count.
 * A text that is not JSON may be misjudged; it is refused either way.
 */
function isDeeper(text: string, maxDepth: number): boolean {
  // A level takes two characters, so that most messages need not be looked at.
  if (text.length <= 2 * maxDepth) return false;
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
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

function isId(id: unknown): id is string {
  return typeof id === "string" && id.length > 0 && id.length <= MAX_ID_LENGTH;
}
