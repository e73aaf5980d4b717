/**
 * What the protocol of one connection is made of: what all of its server have in common, and what was agreed on with this peer.
 *
 * @module
 */

import type { Duplex } from "node:stream";
import { Deflate } from "../protocol/deflate.ts";
import type { DeflateOptions } from "../protocol/deflate_options.ts";
import type { Agreement } from "../protocol/handshake.ts";
import type { ProtocolOptions } from "../protocol/protocol.ts";
import { isPlainSocket } from "./plain_socket.ts";

/** What all connections of a server have in common. */
export interface CommonProtocolOptions extends ProtocolOptions {
  /** How messages are compressed, where the peer agrees. (The option `deflate` of the protocol is what came of it.) */
  readonly compression?: DeflateOptions | undefined;
  /** As it is for most connections. Each is judged by its own socket; one for which it is the same needs no options of its own. */
  readonly ownsChunks?: boolean | undefined;
}

/**
 * Makes the options of a connection.
 *
 * @param socket Its socket.
 * @param options Of all connections.
 * @param agreement What the handshake came to.
 * @returns The same object for all connections that have nothing of their own, so that an idle one does not hold a copy.
 */
export function protocolOptions(
  socket: Duplex,
  options: CommonProtocolOptions,
  agreement: Agreement,
): ProtocolOptions {
  const { role, compression } = options;
  const { deflate: agreed } = agreement;
  // What comes from the system is nobody else's; another stream may hand on what its writer still holds.
  const ownsChunks = isPlainSocket(socket);
  const deflate = agreed === undefined || compression === undefined
    ? undefined
    : new Deflate(role, agreed, compression);
  return deflate === undefined && ownsChunks === (options.ownsChunks ?? false)
    ? options
    : { ...options, deflate, ownsChunks };
}
