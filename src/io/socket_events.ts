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

type OwnedSocket = Duplex & { [OWNER]?: SocketOwner | undefined };

/**
 * Has a socket tell its owner. The listeners are shared functions that find the owner by the socket: four closures for
 * each connection are what an idle one would mostly consist of.
 *
 * @param socket Begins to flow, unless somebody has paused it. It may have had another owner, who is told of nothing any more.
 * @param owner Whom to tell.
 */
export function listenTo(socket: Duplex, owner: SocketOwner): void {
  const owned = socket as OwnedSocket;
  const before = owned[OWNER];
  owned[OWNER] = owner;
  if (before !== undefined) return;
  for (const [event, listener] of LISTENERS) socket.on(event, listener);
}

/**
 * Takes the owner's listeners off a socket, for somebody who knows nothing of owners.
 *
 * @param socket Flows on; whoever gets it listens before the end of the turn.
 */
export function letGoOf(socket: Duplex): void {
  (socket as OwnedSocket)[OWNER] = undefined;
  for (const [event, listener] of LISTENERS) socket.off(event, listener);
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

const LISTENERS = [["data", onData], ["end", onEnd], ["drain", onDrain], ["close", onClose]] as const;
