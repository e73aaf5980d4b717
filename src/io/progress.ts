/**
 * Whether a peer takes what is written to it, however slowly.
 *
 * @module
 */

import type { Duplex } from "node:stream";

/**
 * A peer must take a 64th of the first queue between two looks, so that no queue is held for more than 64 of them: at a byte a look, it could
 * be held for months.
 */
const STEPS = 64;

/**
 * Watches what waits in a socket.
 *
 * `writableLength` counts a write until all of it has gone: a message of megabytes falls from all to nothing in one step, which may take a
 * slow peer minutes. How much of it the system has taken meanwhile, the socket's handle knows, where there is one that says; `node:http` asks
 * it for its own time-outs. Where nobody says, only whole writes are seen.
 */
export class Progress {
  readonly #socket: Duplex;
  readonly #stepBytes: number;
  #queuedBytes: number;
  #underWayBytes: number;

  /** @param socket Whose. */
  constructor(socket: Duplex) {
    this.#socket = socket;
    this.#queuedBytes = socket.writableLength;
    this.#underWayBytes = underWay(socket);
    this.#stepBytes = Math.max(1, this.#queuedBytes / STEPS);
  }

  /** What waited at the last look. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Looks. @returns Whether the peer has taken enough since the last look: a 64th of what waited at the first, or all. */
  sinceLast(): boolean {
    const queuedBytes = this.#socket.writableLength;
    const underWayBytes = underWay(this.#socket);
    // Of a write that is over, all is counted, also what earlier looks have seen. A queue that grew counts as not taken from.
    const takenBytes = queuedBytes === this.#queuedBytes
      ? this.#underWayBytes - underWayBytes
      : this.#queuedBytes - queuedBytes;
    this.#queuedBytes = queuedBytes;
    this.#underWayBytes = underWayBytes;
    return takenBytes >= this.#stepBytes || (takenBytes > 0 && queuedBytes === 0);
  }
}

function underWay(socket: Duplex): number {
  const { _handle: handle } = socket as { readonly _handle?: { readonly writeQueueSize?: unknown } | null };
  const bytes = handle?.writeQueueSize;
  return typeof bytes === "number" ? bytes : 0;
}
