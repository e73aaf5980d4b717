/**
 * Makes a failing case smaller, so that what is left is what fails.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { StreamCase } from "./stream_case.ts";

/** Each try runs the case again; beyond this many, a shorter case is not worth the wait. */
const MAX_TRIES = 2_000;

/** Drops bytes and cuts for as long as the case still fails. */
export async function shrink(
  sample: StreamCase,
  fails: (smaller: StreamCase) => Promise<boolean>,
): Promise<StreamCase> {
  let smallest = sample;
  let tries = 0;
  const keep = async (candidate: StreamCase): Promise<boolean> => {
    if (++tries > MAX_TRIES || !await fails(candidate)) return false;
    smallest = candidate;
    return true;
  };
  for (let size = sample.bytes.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at + size <= smallest.bytes.length;) {
      if (!await keep(without(smallest, at, size))) at += size;
    }
  }
  for (const cut of [...smallest.cuts]) {
    await keep({ ...smallest, cuts: smallest.cuts.filter((other) => other !== cut) });
  }
  return smallest;
}

/** A case without some of its bytes; cuts behind them move along. */
function without(sample: StreamCase, at: number, size: number): StreamCase {
  const bytes = Buffer.concat([sample.bytes.subarray(0, at), sample.bytes.subarray(at + size)]);
  const moved = sample.cuts.map((cut) => cut <= at ? cut : Math.max(at, cut - size));
  const cuts = [...new Set(moved)].filter((cut) => cut > 0 && cut < bytes.length);
  return { ...sample, bytes, intact: false, cuts };
}
