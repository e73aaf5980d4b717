/**
 * What may be taken for granted of a socket of the system, and of no other stream.
 *
 * @module
 */

import { Socket } from "node:net";
import type { Duplex } from "node:stream";

/**
 * Tells whether a stream is a socket of `node:net` with nothing in between. Then what it reads lies in memory that nobody else has an eye
 * on, and what it has written at once (`writableLength` is 0) has been copied by the system. Another stream may hand on what it is given,
 * and TLS still has a goodbye of its own to write.
 *
 * @param stream Any stream.
 */
export function isPlainSocket(stream: Duplex): boolean {
  return stream instanceof Socket && (stream as { readonly encrypted?: boolean }).encrypted !== true;
}
