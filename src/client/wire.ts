/**
 * The wire as a client sees it: what it writes, and what the server's messages say. The server is trusted to be the
 * server, not to be free of faults: what does not have its form is no message, and nothing here throws.
 *
 * @module
 */

import type { RequestDenial } from "../base/errors.ts";
import { printable } from "../base/text.ts";
import type { SessionInfo } from "./client_state.ts";

/** What may change while a session lasts. */
export type LeaseChange = Partial<Pick<SessionInfo, "roles" | "expiresAt">>;

/** A message of the server. */
export type ServerMessage =
  | { readonly kind: "hello"; readonly session: SessionInfo }
  | { readonly kind: "ok"; readonly re: string | undefined; readonly data: unknown }
  | { readonly kind: "error"; readonly re: string | undefined; readonly denial: RequestDenial }
  | { readonly kind: "expiring" }
  | { readonly kind: "changed"; readonly change: LeaseChange }
  | { readonly kind: "bye"; readonly reconnectInMs: number }
  | { readonly kind: "delivery"; readonly type: string; readonly data: unknown };

type Fields = Readonly<Record<string, unknown>>;
type Reader = (message: Fields) => ServerMessage | undefined;

/**
 * Reads a message of the server.
 *
 * @param text As it came.
 * @returns The message; `undefined` for what is none.
 */
export function parseServerMessage(text: string): ServerMessage | undefined {
  const message = fieldsOf(parseJson(text));
  const type = message?.["type"];
  if (message === undefined || typeof type !== "string") return undefined;
  return (READERS.get(type) ?? delivery)(message);
}

/** One reader for each type that the protocol itself uses. A `Map`: `constructor` is the type of a delivery like any other. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["hello", ({ data }: Fields) => {
    const session = sessionIn(data);
    return session && { kind: "hello", session };
  }],
  ["ok", ({ re, data }: Fields) => ({ kind: "ok", re: textOf(re), data })],
  ["error", (message: Fields) => ({ kind: "error", re: textOf(message["re"]), denial: denialIn(message) })],
  ["auth.expiring", () => ({ kind: "expiring" })],
  ["auth.changed", ({ data }: Fields) => ({ kind: "changed", change: leaseIn(data) })],
  ["server.bye", ({ data }: Fields) => ({
    kind: "bye",
    reconnectInMs: durationOf(fieldsOf(data)?.["reconnectInMs"]) ?? 0,
  })],
]);

function delivery({ type, data }: Fields): ServerMessage {
  return { kind: "delivery", type: type as string, data };
}

/**
 * Reads what an `auth.changed`, or the `ok` of an `auth.refresh`, says of the session.
 *
 * @param data As it came.
 * @returns Those of the fields that have their form.
 */
export function leaseIn(data: unknown): LeaseChange {
  const { roles, expiresAt } = fieldsOf(data) ?? {};
  return {
    ...(isTexts(roles) ? { roles: Object.freeze([...roles]) } : {}),
    ...(isNumber(expiresAt) ? { expiresAt } : {}),
  };
}

function sessionIn(data: unknown): SessionInfo | undefined {
  const { sessionId, subject, roles, expiresAt, heartbeatMs, maxMessageBytes } = fieldsOf(data) ?? {};
  if (typeof sessionId !== "string" || typeof subject !== "string" || !isTexts(roles)) return undefined;
  if (!isNumber(expiresAt) || !isNumber(heartbeatMs) || !isNumber(maxMessageBytes)) return undefined;
  return Object.freeze({
    sessionId,
    subject,
    roles: Object.freeze([...roles]),
    expiresAt,
    heartbeatMs,
    maxMessageBytes,
  });
}

function denialIn({ code, message, retryable, retryAfterMs }: Fields): RequestDenial {
  return {
    code: printable(textOf(code) ?? "internal"),
    message: textOf(message) ?? "",
    retryable: retryable === true,
    retryAfterMs: durationOf(retryAfterMs),
  };
}

/**
 * Writes a message of the client.
 *
 * @param type The row of the permission table, or a type of the protocol.
 * @param id The correlation id.
 * @param data What JSON can hold.
 * @returns The text.
 * @throws {TypeError} For data that JSON cannot hold.
 */
export function encodeClientMessage(type: string, id: string, data: unknown): string {
  return JSON.stringify({ type, id, data });
}

/** The value of a JSON text; `undefined`, which no JSON text stands for, when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Not JSON, or nested beyond the stack: JSON.parse has no other way to say so.
  }
}

/** The fields of an object that is not an array. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Fields : undefined;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function durationOf(value: unknown): number | undefined {
  return isNumber(value) && value >= 0 ? value : undefined;
}
