/**
 * The way out: what a connection has to say leaves in one write per turn, and is kept back while the peer does not read.
 *
 * @module
 */

import type { Duplex } from "node:stream";
import type { SendBuffer } from "../protocol/send_buffer.ts";
import type { ConnectionTrace } from "./connection_trace.ts";
import { isPlainSocket } from "./plain_socket.ts";
import { type Flushable, flushAtEndOfTurn } from "./turn.ts";

/** Within a turn, output is written as soon as it is this long, so that congestion shows before the turn is over. */
const FLUSH_FROM_BYTES = 65_536;

/** Writes the output of one connection to its socket. */
export class SocketWriter implements Flushable {
  readonly #socket: Duplex;
  readonly #output: SendBuffer;
  readonly #owner: Congestible;
  readonly #congestedFromBytes: number;
  #turn: "idle" | "gathering" | "scheduled" = "idle";
  #congested = false;
  readonly #systemCopies: boolean;
  /** Told of what is written, where somebody watches. */
  trace: Pick<ConnectionTrace, "written"> | undefined;

  /**
   * @param socket Where to.
   * @param output What; others add to it.
   * @param owner Told when output is kept back.
   * @param congestedFromBytes With this many bytes in the socket's own queue, the peer does not keep up, and further output is kept back.
   */
  constructor(socket: Duplex, output: SendBuffer, owner: Congestible, congestedFromBytes: number) {
    this.#socket = socket;
    this.#output = output;
    this.#owner = owner;
    this.#congestedFromBytes = congestedFromBytes;
    this.#systemCopies = isPlainSocket(socket);
  }

  /** How many bytes wait, here and in the socket's own queue. */
  get queuedBytes(): number {
    return this.#output.length + this.#socket.writableLength;
  }

  /** Whether output is kept back, because the peer does not take what was written. */
  get congested(): boolean {
    return this.#congested;
  }

  /** Begins to gather: whoever calls this calls {@link SocketWriter.flush} in the same turn. */
  gather(): void {
    this.#turn = "gathering";
  }

  /** Something was added to the output. */
  added(): void {
    if (this.#output.length >= FLUSH_FROM_BYTES) {
      this.#write();
    } else if (this.#turn === "idle") {
      this.#turn = "scheduled";
      flushAtEndOfTurn(this);
    }
  }

  /** Writes the output, unless it is kept back. */
  flush(): void {
    this.#turn = "idle";
    this.#write();
  }

  /** Writes all output, also what was kept back: the last thing before the end. */
  flushAll(): void {
    this.#congested = false;
    this.flush();
  }

  /**
   * The socket's own queue is empty.
   *
   * @returns Whether output was kept back until now, and is no longer.
   */
  drained(): boolean {
    if (!this.#congested) return false;
    this.flushAll();
    return !this.#congested;
  }

  // #region write_once
  #write(): void {
    const socket = this.#socket;
    if (this.#output.length === 0 || this.#congested) return;
    if (socket.destroyed || socket.writableEnded) return this.#output.clear();
    const bytes = this.#output.take();
    if (Array.isArray(bytes)) {
      socket.cork();
      for (const part of bytes) socket.write(part);
      socket.uncork();
      for (const part of bytes) this.trace?.written(part);
      for (const part of bytes) this.#settle(part);
    } else {
      socket.write(bytes);
      this.trace?.written(bytes);
      this.#settle(bytes);
    }
    // A write that the kernel took at once leaves nothing here, however large it was.
    if (socket.writableLength < this.#congestedFromBytes || !socket.writableNeedDrain) return;
    this.#congested = true;
    this.#owner.keptBack();
  }
  // #endregion

  /** Only the system copies what it takes; another stream may hand on what it is given. */
  #settle(written: Uint8Array): void {
    this.#output.settle(written, this.#systemCopies && this.#socket.writableLength === 0 ? "copied" : "held");
  }
}

/** Whom a writer tells. */
export interface Congestible {
  /** From now on, output is kept back until the socket's `drain`. */
  keptBack(): void;
}
