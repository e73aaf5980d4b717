/**
 * Whether a peer takes what is written to it, however slowly.
 *
 * @module
 */

import type { Duplex } from "node:stream";

/**
 * Watches what waits in a socket.
 *
 * `writableLength` counts a write until all of it has gone: a message of megabytes falls from all to nothing in one step, which may take a
 * slow peer minutes. How much of it the system has taken meanwhile, the socket's handle knows, where there is one that says; `node:http` asks
 * it for its own time-outs. Where nobody says, only whole writes are seen.
 */
export class Progress {
  readonly #socket: Duplex;
  #queuedBytes: number;
  #underWayBytes: number;

  /** @param socket Whose. */
  constructor(socket: Duplex) {
    this.#socket = socket;
    this.#queuedBytes = socket.writableLength;
    this.#underWayBytes = underWay(socket);
  }

  /** What waited at the last look. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Looks. @returns Whether the peer has taken anything since the last look. */
  sinceLast(): boolean {
    const queuedBytes = this.#socket.writableLength;
    const underWayBytes = underWay(this.#socket);
    const hasTaken = queuedBytes < this.#queuedBytes ||
      (queuedBytes === this.#queuedBytes && underWayBytes < this.#underWayBytes);
    this.#queuedBytes = queuedBytes;
    this.#underWayBytes = underWayBytes;
    return hasTaken;
  }
}

function underWay(socket: Duplex): number {
  const { _handle: handle } = socket as { readonly _handle?: { readonly writeQueueSize?: unknown } | null };
  const bytes = handle?.writeQueueSize;
  return typeof bytes === "number" ? bytes : 0;
}
