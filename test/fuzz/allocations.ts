/**
 * How much memory a piece of code asks for. What the process holds would depend on the garbage collector; what is asked
 * for does not.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** In bytes. */
export interface Allocations {
  largest: number;
  total: number;
}

const NAMES = ["alloc", "allocUnsafe", "allocUnsafeSlow"] as const;

/** Runs code and adds what it allocates through `Buffer`. */
export function watchAllocations(seen: Allocations, run: () => void): void {
  const originals = NAMES.map((name) => [name, Buffer[name]] as const);
  for (const [name, original] of originals) {
    Buffer[name] = (size: number, fill?: number) => {
      seen.largest = Math.max(seen.largest, size);
      seen.total += size;
      return original.call(Buffer, size, fill);
    };
  }
  try {
    run();
  } finally {
    for (const [name, original] of originals) Buffer[name] = original;
  }
}
