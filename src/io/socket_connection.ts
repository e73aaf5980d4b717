/**
 * A socket and a protocol put together: bytes one way, frames the other, backpressure both ways.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock, Timer } from "../base/clock.ts";
import { callGuarded, isThenable } from "../base/promise.ts";
import { NOT_LISTED } from "../base/roster.ts";
import type { Spoke } from "../base/timer_wheel.ts";
import { TokenBucket } from "../base/token_bucket.ts";
import type { CloseStatus } from "../protocol/close.ts";
import { CLOSE } from "../protocol/close_codes.ts";
import type { DeflateParameters } from "../protocol/deflate_negotiation.ts";
import type { MessageKind } from "../protocol/frame.ts";
import type { Agreement } from "../protocol/handshake.ts";
import type { ConnectionTrace } from "./connection_trace.ts";
import { HELD_BY } from "./intake.ts";
import { cutOffWhenStalled, endAndLinger } from "./linger.ts";
import type { Acquaintance } from "./occupancy.ts";
import { Progress } from "./progress.ts";
import { SendingConnection, type SendingOptions } from "./sending_connection.ts";
import { listenTo, type SocketOwner } from "./socket_events.ts";
import type { ConnectionEvents, UnauthenticatedConnection } from "./connection.ts";

/** What connections are made of; one object serves all connections of a server. */
export interface ConnectionOptions extends SendingOptions {
  readonly clock: Clock;
  /** Gets what a handler threw. Must not throw. */
  readonly reportError: (error: unknown) => void;
  /** Told when it is known who a stranger is. Must not throw. */
  readonly authenticated?: (connection: SocketConnection) => void;
  /** Told how a connection ended, after the application. Must not throw. */
  readonly closed?: (status: CloseStatus) => void;
  /** Told when the socket is gone, after `closed`. Must not throw. */
  readonly ended?: (connection: SocketConnection) => void;
}

/** The one implementation of {@link Connection}. */
export class SocketConnection extends SendingConnection
  implements UnauthenticatedConnection, SocketOwner, Spoke {
  readonly subprotocol: string | undefined;
  readonly deflate: DeflateParameters | undefined;
  /** Where the heartbeat's wheel, which holds all connections of a server, has it: in which slot, and at which place of that slot's roster. */
  wheelSlot = 0;
  rosterIndex: number = NOT_LISTED;
  /** For the heartbeat: whether the peer sent or took anything since it last looked, and whether it has asked, or been answered. */
  pulse: "heard" | "silent" | "asked" | "answered" = "heard";
  /** The peer's address, and whether it is known who the peer is: for whoever counts them. */
  address = "";
  acquaintance: Acquaintance = "known";

  readonly #options: ConnectionOptions;
  #events: ConnectionEvents = NOBODY;
  /** There when somebody watches. */
  #trace: ConnectionTrace | undefined;
  /** There once the peer has sent a control frame. */
  #controlFrames: TokenBucket | undefined;
  #deadline: Timer | undefined;
  /** There once the heartbeat has seen that the peer does not keep up. */
  #progress: Progress | undefined;

  /**
   * @param socket After the 101; it must have a listener for errors.
   * @param options What the connection is made of.
   * @param agreement What the handshake came to.
   */
  constructor(socket: Duplex, options: ConnectionOptions, agreement: Agreement) {
    super(socket, options, agreement);
    this.#options = options;
    this.subprotocol = agreement.subprotocol;
    this.deflate = agreement.deflate;
    // A client's socket would end its side by itself, in front of what a slow handler has not read yet.
    socket.allowHalfOpen = true;
    (socket as Partial<Socket>).setTimeout?.(0);
    // A turn's output is one write already; Nagle's algorithm would only hold it back.
    (socket as Partial<Socket>).setNoDelay?.(true);
  }

  /** Has a connection observed, from its first frame on. */
  observe(trace: ConnectionTrace): void {
    this.#trace = trace;
    this.writer.trace = trace;
  }

  /** Puts the head of the response in front of all frames. @param head In ASCII. */
  respond(head: string): void {
    this.#trace?.headWritten(head.length);
    this.writer.gather();
    const { output } = this.protocol;
    const at = output.reserve(head.length);
    output.bytes.write(head, at, "latin1");
  }

  /**
   * Begins to read.
   *
   * @param head What came behind the handshake in the same chunk.
   * @param events Whom to tell.
   */
  start(head: Buffer, events: ConnectionEvents): void {
    this.#events = events;
    // The application may have destroyed it already. With listeners on it, its end would be counted twice.
    if (this.socket.destroyed) return this.transportClosed();
    listenTo(this.socket, this);
    // Unless what was said at once was too much for the peer already.
    this.flow();
    if (head.length > 0) this.received(head);
    if (this.socket.readableEnded) this.peerEnded();
  }

  /** Takes shorter messages only, for as long as it is not known from whom. */
  restrict(maxMessageBytes: number): void {
    const { limits } = this.#options;
    this.protocol.setLimits({
      ...limits,
      maxMessageBytes: Math.min(maxMessageBytes, limits.maxMessageBytes),
    });
  }

  authenticated(events: ConnectionEvents): void {
    this.acquaintance = "known";
    this.#options.authenticated?.(this);
    this.#events = events;
    this.protocol.setLimits(this.#options.limits);
  }

  close(code: number = CLOSE.normal.code, reason = ""): void {
    if (!this.open) return;
    this.protocol.close(code, reason);
    // The peer's answer must be read, whoever held reading up; what it still sends before that is dropped.
    this.forgetHolds();
    // Before `start` nobody listens, and what flowed then would be lost.
    if (this.#events !== NOBODY) this.socket.resume();
    this.writer.added();
    const { clock, limits } = this.#options;
    this.#deadline ??= cutOffWhenStalled(clock, limits.closeTimeoutMs, this.socket, () => this.destroy());
    this.endIfWaiting();
  }

  destroy(): void {
    this.socket.destroy();
    // Before `start` there is nobody to tell; it finds the socket destroyed, and tells then.
    if (this.#events !== NOBODY) this.protocol.receiveEnd();
  }

  /** For the heartbeat: whether the peer has taken anything of what waits for it since this was last asked. */
  get takes(): boolean {
    if (!this.congested) return false;
    const hasTaken = this.#progress?.sinceLast() ?? false;
    this.#progress ??= new Progress(this.socket);
    return hasTaken;
  }

  /** Writes what has been gathered, now. */
  flush(): void {
    this.writer.flush();
  }

  // #region received
  /** @internal Called by the socket. */
  received(chunk: Buffer): void {
    this.pulse = this.pulse === "asked" ? "answered" : "heard";
    this.#trace?.received(chunk);
    this.writer.gather();
    this.protocol.receive(chunk);
    this.writer.flush();
  }
  // #endregion

  /** @internal Called by the socket. */
  drained(): void {
    this.#progress = undefined;
    this.pulse = "heard";
    // First the pong that is owed, then what was kept back.
    this.protocol.setCongested(false);
    if (!this.writer.drained()) return;
    if (this.open) this.#tell(() => this.#events.drained?.(this));
    this.release(HELD_BY.congestion);
  }

  /** @internal Called by the socket: nothing comes or goes any more. */
  transportClosed(): void {
    this.protocol.receiveEnd();
    this.#deadline?.cancel();
    this.#options.ended?.(this);
  }

  /** @internal Called by the protocol. */
  message(bytes: Buffer, start: number, end: number, kind: MessageKind): void {
    const events = this.#events;
    this.quietMs = 0;
    try {
      const result = kind === "text" && events.text !== undefined
        ? events.text(bytes.toString("utf8", start, end), this)
        : events.message?.(new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start), kind, this);
      if (result !== undefined && isThenable(result)) {
        this.waitFor(Promise.resolve(result), (error) => this.#handlerFailed(error));
      }
    } catch (error) {
      this.#handlerFailed(error);
    }
    if (this.deflate !== undefined) this.worked(end - start);
  }

  /** @internal Called by the protocol. */
  mayControl(): boolean {
    // The answer to the heartbeat is not counted, or each idle connection would need a bucket for it.
    if (this.pulse === "answered") {
      this.pulse = "heard";
      return true;
    }
    const { clock, limits: { maxControlFramesPerSecond: most } } = this.#options;
    const nowMs = clock.now();
    this.#controlFrames ??= new TokenBucket({ perSecond: most, burst: most }, nowMs);
    return this.#controlFrames.take(nowMs) === 0;
  }

  /** @internal Called by the protocol. */
  pong(payload: Buffer): void {
    this.#tell(() => this.#events.pong?.(payload, this));
  }

  /** @internal Called by the protocol. */
  closed(status: CloseStatus): void {
    this.#trace?.readingEnded();
    this.#tell(() => this.#events.closed?.(status, this));
    this.#options.closed?.(status);
    this.#end();
    this.#trace?.ended(status);
  }

  /**
   * §7.1.1: "The underlying TCP connection, in most normal cases, SHOULD be closed first by the server, so that it holds
   * the TIME_WAIT state and not the client".
   */
  #end(): void {
    // #region end_tcp
    const { clock, limits, role } = this.#options;
    this.forgetHolds();
    this.writer.flushAll();
    this.#deadline?.cancel();
    if (role === "server") return endAndLinger(this.socket, clock, limits.closeTimeoutMs);
    this.socket.resume();
    const { socket } = this;
    this.#deadline = cutOffWhenStalled(clock, limits.closeTimeoutMs, socket, () => socket.destroy());
    // #endregion
  }

  /**
   * @internal Called by the writer.
   *
   * A server stops reading from a peer that does not read: what it asked for would pile up here. A client goes on, or two
   * that write to each other would both wait for the other to read.
   */
  keptBack(): void {
    this.protocol.setCongested(true);
    if (this.open && this.#options.role === "server") this.hold(HELD_BY.congestion);
  }

  #handlerFailed(error: unknown): void {
    this.#options.reportError(error);
    this.close(CLOSE.serverFault.code, "");
  }

  #tell(event: () => unknown): void {
    callGuarded(event, this.#options.reportError);
  }
}

/** Until a connection is started. */
const NOBODY: ConnectionEvents = {};
