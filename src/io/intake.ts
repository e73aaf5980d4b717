/**
 * The way in: what a peer sends is read as long as nothing holds it up, and in its order.
 *
 * A handler that takes its time, a peer that does not read what it asked for, and work that would keep the others waiting: each of them
 * pauses this one socket, and nobody else's. TCP then tells the peer to wait.
 *
 * This is the lowest of the three layers of a connection: above it `sending_connection.ts` is the way out, and `socket_connection.ts` the
 * beginning, the end and the application.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers";
import type { CloseStatus } from "../protocol/close.ts";
import type { MessageKind } from "../protocol/frame.ts";
import { Protocol, type ProtocolEvents, type ProtocolOptions } from "../protocol/protocol.ts";
import { type Congestible, SocketWriter } from "./socket_writer.ts";

/** Why nothing is read: bits, as there may be several reasons at once. */
export const HELD_BY = { handler: 1, congestion: 2, work: 4 } as const;

/**
 * Compressed messages cost far more than the bytes that bring them: a packet may hold thousands, each of which takes a decompressor,
 * and nobody else would be served between them. After so many bytes of messages, each of which counts
 * for some thousand more than it has, the others have their turn.
 */
const WORK_OF_A_TURN_BYTES = 1_048_576;
const WORK_OF_A_MESSAGE_BYTES = 4_096;

/** A socket and its protocol, as far as reading goes. The rest of a connection is built on it: an object of its own would cost memory. */
export abstract class Intake implements ProtocolEvents, Congestible {
  protected readonly socket: Duplex;
  protected readonly protocol: Protocol;
  protected readonly writer: SocketWriter;
  /** Why nothing is read at the moment; 0 when it is. */
  #held = 0;
  /** Work on compressed messages since this connection last paused for the others, however long ago. */
  #workedBytes = 0;
  /** Whether the peer's FIN came while something that came before it still waits. */
  #endWaits = false;

  /**
   * @param socket After the 101; it must have a listener for errors.
   * @param options What the protocol is made of.
   * @param congestedFromBytes With this many bytes in the socket's own queue, the peer does not keep up.
   */
  constructor(socket: Duplex, options: ProtocolOptions, congestedFromBytes: number) {
    this.socket = socket;
    this.protocol = new Protocol(this, options);
    this.writer = new SocketWriter(socket, this.protocol.output, this, congestedFromBytes);
  }

  abstract message(bytes: Buffer, start: number, end: number, kind: MessageKind): void;
  abstract mayControl(): boolean;
  abstract pong(payload: Buffer): void;
  abstract closed(status: CloseStatus): void;
  abstract keptBack(): void;

  /** Whether messages can still be sent. */
  get open(): boolean {
    return this.protocol.state === "open";
  }

  /** Whether silence is our own doing: messages are not read while a handler is at work. */
  get waitsForHandler(): boolean {
    return (this.#held & HELD_BY.handler) !== 0;
  }

  /** @internal Called by the socket: the peer's FIN. Sockets of `node:http` are half-open, so ours is up to us. */
  peerEnded(): void {
    // What came before it is handled first, also when that has to wait.
    this.#endWaits = this.#held !== 0;
    if (this.#endWaits) return;
    this.protocol.receiveEnd();
    this.socket.end();
  }

  /** Begins to read, unless something holds it up already. A front door may have paused what came meanwhile. */
  protected flow(): void {
    if (this.#held === 0) this.socket.resume();
  }

  /** Forgets every reason not to read: what comes is only dropped, up to the peer's Close frame. The caller resumes the socket. */
  protected forgetHolds(): void {
    this.#held = 0;
  }

  /** A FIN that waited behind a handler has nothing to wait for any more once nothing is read, and no Close frame can follow it. */
  protected endIfWaiting(): void {
    if (this.#endWaits) this.peerEnded();
  }

  // #region hold_and_release
  protected hold(reason: number): void {
    if (this.#held === 0) {
      this.protocol.pause();
      this.socket.pause();
    }
    this.#held |= reason;
  }

  protected release(reason: number): void {
    if ((this.#held & reason) === 0) return;
    this.#held &= ~reason;
    if (this.#held !== 0) return;
    this.writer.gather();
    this.protocol.resume();
    this.writer.flush();
    if (this.#held !== 0) return;
    if (this.#endWaits) this.peerEnded();
    else this.socket.resume();
  }
  // #endregion

  /** A compressed message was handled. @param bytes How long it is. */
  protected worked(bytes: number): void {
    this.#workedBytes += WORK_OF_A_MESSAGE_BYTES + bytes;
    if (this.#workedBytes < WORK_OF_A_TURN_BYTES || !this.open) return;
    this.#workedBytes = 0;
    this.hold(HELD_BY.work);
    setImmediate(() => this.release(HELD_BY.work));
  }

  /** Reads nothing until a handler is done. @param failed Gets what it throws. */
  protected waitFor(work: Promise<unknown>, failed: (error: unknown) => void): void {
    // The handler has closed the connection before it had to wait: the peer's Close frame must be read.
    if (!this.open) return void work.catch(failed);
    this.hold(HELD_BY.handler);
    void work.catch(failed).finally(() => this.release(HELD_BY.handler));
  }
}
