/**
 * The ways in which TCP may deliver the same bytes.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** Cuts bytes in one or more ways; each chunk is a copy, as whoever receives it changes it. */
export type Chunker = (bytes: Buffer) => Iterable<Buffer[]>;

/** Longer bytes are cut near both ends only: in the middle of a large payload, one cut is like the next. */
const EVERYWHERE_BYTES = 4_096;
const NEAR_BYTES = 24;

/** Cuts bytes at the given places. */
export function cutAt(bytes: Buffer, ...places: number[]): Buffer[] {
  const ends = [...places, bytes.length];
  return ends.map((end, i) => Buffer.from(bytes.subarray(ends[i - 1] ?? 0, end)));
}

/** Cuts bytes into chunks of a size, the last of which may be shorter. */
export function cutEvery(bytes: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(Buffer.from(bytes.subarray(at, at + size)));
  return chunks;
}

// #region chunkers
/** The usual ways and the worst ones. */
export const CHUNKERS: Readonly<Record<string, Chunker>> = {
  "whole": (bytes) => [cutAt(bytes)],
  "in halves": (bytes) => [cutAt(bytes, bytes.length >> 1)],
  "byte by byte": (bytes) => [cutEvery(bytes, 1)],
  "in segments of 1460 bytes": (bytes) => [cutEvery(bytes, 1460)],
  "cut at every place": cutEverywhere,
};
// #endregion

function* cutEverywhere(bytes: Buffer): Iterable<Buffer[]> {
  for (let at = 1; at < bytes.length; at++) {
    if (at === NEAR_BYTES && bytes.length > EVERYWHERE_BYTES) at = bytes.length - NEAR_BYTES;
    yield cutAt(bytes, at);
  }
}

/** Numbers from 0 up to below 1 that a seed fixes, so that a failing case can be run again (a linear congruence). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}
