/**
 * What a socket tells its connection.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";

/** Whom a socket belongs to. */
export interface SocketOwner {
  /** Bytes came. */
  received(chunk: Buffer): void;
  /** The peer's FIN came: nothing more comes, but what is sent still arrives. */
  peerEnded(): void;
  /** All that was written has left. */
  drained(): void;
  /** Nothing comes or goes any more, for whatever reason. */
  transportClosed(): void;
}

const OWNER: unique symbol = Symbol("owner");

type OwnedSocket = Duplex & { [OWNER]?: SocketOwner };

/**
 * Has a socket tell its owner. The listeners are shared functions that find the owner by the socket: four closures for
 * each connection are what an idle one would mostly consist of.
 *
 * @param socket Begins to flow.
 * @param owner Whom to tell.
 */
export function listenTo(socket: Duplex, owner: SocketOwner): void {
  (socket as OwnedSocket)[OWNER] = owner;
  socket.on("data", onData);
  socket.on("end", onEnd);
  socket.on("drain", onDrain);
  socket.on("close", onClose);
}

function onData(this: OwnedSocket, chunk: Buffer): void {
  this[OWNER]?.received(chunk);
}

function onEnd(this: OwnedSocket): void {
  this[OWNER]?.peerEnded();
}

function onDrain(this: OwnedSocket): void {
  this[OWNER]?.drained();
}

function onClose(this: OwnedSocket): void {
  this[OWNER]?.transportClosed();
}
