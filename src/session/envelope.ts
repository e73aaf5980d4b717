/**
 * The wire between client and server: JSON text, one envelope for all messages.
 *
 * @module
 */

import { isDeeper } from "../base/json_text.ts";
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
  rate_limited: { message: "You send too often for now.", retryable: true },
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

/** The type with which a client shows another token, so that the lease lasts longer. */
export const REFRESH_TYPE = "auth.refresh";

/** Types that the envelope itself uses: each needs no row in a permission table, and can have none. */
export const CONTROL_TYPES = {
  "ok": { from: "server", meaning: "The reply to a message that was handled." },
  "error": { from: "server", meaning: "The reply to a message that was denied." },
  "hello": { from: "server", meaning: "The first message of each session: who the server says you are." },
  "auth": { from: "client", meaning: "The token, where it is shown in the first message." },
  "auth.refresh": {
    from: "client",
    meaning: "Another token of the same subject, so that the session lasts longer.",
  },
  "auth.expiring": { from: "server", meaning: "The identity ends soon: four fifths of its life are over." },
  "auth.changed": { from: "server", meaning: "The roles, or the end of the identity, are others now." },
  "server.bye": {
    from: "server",
    meaning: "The server goes away, and closes soon with 1012; reconnectInMs says when to come back.",
  },
} as const;

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
 * Reads the data of `auth` and `auth.refresh`.
 *
 * @param data As it came.
 * @returns The token, if there is one.
 */
export function tokenIn(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null || !Object.hasOwn(data, "token")) return undefined;
  const { token } = data as { readonly token: unknown };
  return typeof token === "string" ? token : undefined;
}

/**
 * Writes the positive reply to a message.
 *
 * @param id The correlation id of the message, if it had one.
 * @param data What the handler returned; `undefined` leaves the field out.
 * @returns The JSON.
 */
export function encodeOk(id: string | undefined, data: unknown): string {
  return JSON.stringify({ type: "ok", re: id, data });
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
 * @param type The row of the permission table, or one of {@link CONTROL_TYPES}.
 * @param data Its data.
 * @returns The JSON.
 */
export function encodeDelivery(type: string, data: unknown): string {
  return JSON.stringify({ type, data });
}

const BEGINS_LIKE_AN_OBJECT = /^[ \t\r\n]*\{/;

function isId(id: unknown): id is string {
  return typeof id === "string" && id.length > 0 && id.length <= MAX_ID_LENGTH;
}
