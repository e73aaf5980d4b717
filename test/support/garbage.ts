/**
 * What is still held, asked of the collector itself: what an object keeps in private shows nowhere else.
 *
 * @module
 */

import process from "node:process";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/**
 * Counts the objects that somebody still holds.
 *
 * @param objects Made in another turn of the event loop, or in one that is over when this returns.
 */
export async function countHeld(objects: readonly WeakRef<object>[]): Promise<number> {
  // What a weak reference was made of is held until the turn ends.
  await setImmediate();
  collect();
  await setImmediate();
  collect();
  return objects.filter((object) => object.deref() !== undefined).length;
}

/** One frees what others keep. */
const ROUNDS = 3;

/** What the process holds in all, in bytes, without what nobody needs any more. */
export async function keptBytes(): Promise<number> {
  for (let round = 0; round < ROUNDS; round++) {
    collect();
    // What a turn has in hand is no garbage before its end.
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
