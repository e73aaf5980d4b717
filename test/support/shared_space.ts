/**
 * A space of a test's own.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { SharedSpace } from "../../src/protocol/shared_space.ts";

/** Makes a space, of which there are bytes to lend already. */
export function madeSpace(): SharedSpace {
  const space = new SharedSpace();
  space.giveBack(Buffer.alloc(1), "copied");
  return space;
}
