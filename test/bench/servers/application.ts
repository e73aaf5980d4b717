/**
 * The application behind the full gate and behind the usual stack: the same messages, the same checks, the same replies.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** The key of all tokens here. */
export const BENCH_SECRET: Buffer = Buffer.alloc(32, "portcullis-bench");

/** Whom the tokens are for. */
export const BENCH_AUDIENCE = "bench";

/** A request. */
export interface Post {
  readonly room: string;
  readonly text: string;
}

/** Whether data is a request that the application takes. */
export function isPost(value: unknown): value is Post {
  if (typeof value !== "object" || value === null) return false;
  const { room, text } = value as {
    readonly room?: unknown;
    readonly text?: unknown;
  };
  return typeof room === "string" && room.length <= 64 &&
    typeof text === "string" && text.length <= 2_000;
}

/** How many messages are to be sent to the group. */
export interface Burst {
  readonly count: number;
}

/** Whether data is a number of messages. */
export function isBurst(value: unknown): value is Burst {
  if (typeof value !== "object" || value === null) return false;
  const { count } = value as { readonly count?: unknown };
  return typeof count === "number" && count >= 1 && count <= 16;
}

/** Whether data may be delivered. */
export function isSaid(value: unknown): value is { readonly text: string } {
  return typeof value === "object" && value !== null &&
    typeof (value as { readonly text?: unknown }).text === "string";
}

/** What a request is answered with. */
export function replyTo(
  { room, text }: Post,
): { readonly room: string; readonly length: number } {
  return { room, length: text.length };
}
