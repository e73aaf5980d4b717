/**
 * Choices that a seed fixes: the same seed draws the same case on every runtime.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { seededRandom } from "../support/chunkers.ts";

/** Draws numbers, elements and bytes. */
export class Draw {
  readonly #random: () => number;

  /** @param seed Any number, of which 32 bits count. */
  constructor(seed: number) {
    this.#random = seededRandom(scatter(seed));
  }

  /** A whole number from 0 up to below `count`. */
  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True in a share of the draws. */
  chance(share: number): boolean {
    return this.#random() < share;
  }

  /** One element of a list that is not empty. */
  pick<Element>(list: readonly Element[]): Element {
    return list[this.below(list.length)] as Element;
  }

  /** Bytes of any value. */
  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.below(256)));
  }

  /** Places in a range, in order, without repetition. */
  places(count: number, end: number): number[] {
    if (end < 2) return [];
    const drawn = Array.from({ length: count }, () => this.between(1, end - 1));
    return [...new Set(drawn)].sort((a, b) => a - b);
  }
}

/** The seed of one case of a run, so that it can be drawn again alone. */
export function caseSeed(seed: number, index: number): number {
  return (seed + Math.imul(index, 0x9e37_79b1)) >>> 0;
}

/** Neighbouring seeds would begin with nearly the same numbers; this spreads them (the finalizer of MurmurHash3). */
function scatter(seed: number): number {
  let bits = seed | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return bits ^ (bits >>> 16);
}
