/**
 * Messages of an exact size.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import { text } from "../support/raw_http_frames.ts";

/** The envelope of a message that must be handled, of so many bytes. */
export function jsonOf(id: string, bytes: number): string {
  const empty = JSON.stringify({ type: "look", id, data: "" }).length;
  return JSON.stringify({ type: "look", id, data: "x".repeat(bytes - empty) });
}

/** It, in one frame. */
export function padded(id: string, bytes: number): Buffer {
  return text(jsonOf(id, bytes));
}
