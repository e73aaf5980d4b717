/**
 * Random ids, drawn many at a time: to ask the system for each alone costs nearly as much as to verify a token.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { randomFillSync } from "node:crypto";

/** 128 bits: nobody finds a session by guessing. */
const ID_BYTES = 16;

/** So many are drawn at once. */
const DRAWN = 256;

const pool = Buffer.allocUnsafeSlow(ID_BYTES * DRAWN);
let at = pool.length;

/** @returns 22 characters of base64url that nobody has had before, or can foretell. */
export function nextRandomId(): string {
  if (at === pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  const id = pool.toString("base64url", at, at + ID_BYTES);
  // An id opens nothing, but what identifies somebody is not left in memory for nothing.
  pool.fill(0, at, at += ID_BYTES);
  return id;
}
