/**
 * A socket and a protocol put together: bytes one way, frames the other, backpressure both ways.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock, Timer } from "../base/clock.ts";
import { PortcullisError } from "../base/errors.ts";
import type { Limits } from "../base/limits.ts";
import { CLOSE, type CloseStatus } from "../protocol/close.ts";
import {
  type MaskingKeySource,
  MAX_SHORT_PAYLOAD_BYTES,
  type MessageKind,
  type Role,
} from "../protocol/frame.ts";
import { Protocol, type ProtocolEvents } from "../protocol/protocol.ts";
import { decodeUtf8 } from "../protocol/utf8.ts";
import { endAndLinger } from "./linger.ts";
import { listenTo, type SocketOwner } from "./socket_events.ts";
import { type Flushable, flushAtEndOfTurn } from "./turn.ts";
import type { Connection, ConnectionEvents } from "./connection.ts";

/** What connections are made of; one object serves all connections of a server. */
export interface ConnectionOptions {
  readonly role: Role;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly maskingKey?: MaskingKeySource;
  /** Gets what a handler threw. Must not throw. */
  readonly reportError: (error: unknown) => void;
  /** Told when the socket is gone, after `closed`. Must not throw. */
  readonly ended?: (connection: SocketConnection) => void;
}

/** With this many bytes in the socket's own queue, the peer does not keep up, and nothing more is read from it. */
const CONGESTED_FROM_BYTES = 262_144;

/** Within a turn, output is written as soon as it is this long, so that backpressure shows before the turn is over. */
const FLUSH_FROM_BYTES = 65_536;

const HELD_BY_HANDLER = 1;
const HELD_BY_CONGESTION = 2;

/** The one implementation of {@link Connection}. */
export class SocketConnection implements Connection, ProtocolEvents, SocketOwner, Flushable {
  readonly subprotocol: string | undefined;
  /** For the heartbeat: whether anything came since it last looked, and whether it has asked. */
  pulse: "heard" | "silent" | "asked" = "heard";

  readonly #socket: Duplex;
  readonly #protocol: Protocol;
  readonly #options: ConnectionOptions;
  #events: ConnectionEvents = {};
  /** Why nothing is read at the moment; 0 when it is. */
  #held = 0;
  #turn: "idle" | "receiving" | "scheduled" = "idle";
  #deadline: Timer | undefined;

  /**
   * @param socket After the 101; it must have a listener for errors.
   * @param options What the connection is made of.
   * @param subprotocol What was agreed on.
   */
  constructor(socket: Duplex, options: ConnectionOptions, subprotocol: string | undefined) {
    this.#socket = socket;
    this.#options = options;
    this.subprotocol = subprotocol;
    (socket as Partial<Socket>).setTimeout?.(0);
    // A turn's output is one write already; Nagle's algorithm would only hold it back.
    (socket as Partial<Socket>).setNoDelay?.(true);
    this.#protocol = new Protocol(options.role, options.limits, this, options.maskingKey);
  }

  /**
   * Begins to read.
   *
   * @param head What came behind the handshake in the same chunk.
   * @param events Whom to tell.
   */
  start(head: Buffer, events: ConnectionEvents): void {
    this.#events = events;
    listenTo(this.#socket, this);
    if (head.length > 0) this.received(head);
    if (this.#socket.destroyed) this.transportClosed();
  }

  get open(): boolean {
    return this.#protocol.state === "open";
  }

  get queuedBytes(): number {
    return this.#protocol.output.length + this.#socket.writableLength;
  }

  /** Whether silence is our own doing: messages are not read while a handler is at work. */
  get waitsForHandler(): boolean {
    return (this.#held & HELD_BY_HANDLER) !== 0;
  }

  send(data: string | Uint8Array, kind: MessageKind = "binary"): boolean {
    if (!this.#mayQueue()) return false;
    const sent = typeof data === "string"
      ? this.#protocol.sendText(data)
      : this.#protocol.sendBytes(data, kind);
    this.#afterSend();
    return sent;
  }

  sendShared(frame: Uint8Array): boolean {
    if (!this.#mayQueue()) return false;
    const sent = this.#protocol.sendShared(frame);
    this.#afterSend();
    return sent;
  }

  ping(payload: Uint8Array = NOTHING): boolean {
    if (payload.length > MAX_SHORT_PAYLOAD_BYTES) {
      throw new PortcullisError("invalid_argument", `Ping has ${payload.length} bytes; at most 125 fit.`);
    }
    if (!this.#mayQueue()) return false;
    const sent = this.#protocol.ping(payload);
    this.#afterSend();
    return sent;
  }

  close(code: number = CLOSE.normal.code, reason = ""): void {
    if (!this.open) return;
    this.#protocol.close(code, reason);
    this.#afterSend();
    // The peer's answer must be read, whoever held reading up; what it still sends before that is dropped.
    this.#held = 0;
    this.#socket.resume();
    this.#deadline ??= this.#options.clock.after(this.#options.limits.closeTimeoutMs, () => this.destroy());
  }

  destroy(): void {
    this.#socket.destroy();
    this.#protocol.receiveEnd();
  }

  flush(): void {
    this.#turn = "idle";
    const { output } = this.#protocol;
    if (output.length === 0 || (this.#held & HELD_BY_CONGESTION) !== 0) return;
    const socket = this.#socket;
    if (socket.destroyed || socket.writableEnded) return output.clear();
    const bytes = output.take();
    if (Array.isArray(bytes)) {
      socket.cork();
      for (const part of bytes) socket.write(part);
      socket.uncork();
    } else {
      socket.write(bytes);
    }
    // A write that the kernel took at once leaves nothing here, however large it was.
    if (socket.writableLength >= CONGESTED_FROM_BYTES && socket.writableNeedDrain) this.#congested();
  }

  /** @internal Called by the socket. */
  received(chunk: Buffer): void {
    this.pulse = "heard";
    this.#turn = "receiving";
    this.#protocol.receive(chunk);
    this.flush();
  }

  /** @internal Called by the socket. */
  drained(): void {
    if ((this.#held & HELD_BY_CONGESTION) === 0) return;
    this.#held &= ~HELD_BY_CONGESTION;
    this.#protocol.setCongested(false);
    this.flush();
    this.#readOn();
  }

  /** @internal Called by the socket: the peer's FIN. Sockets of `node:http` are half-open, so ours is up to us. */
  peerEnded(): void {
    this.#protocol.receiveEnd();
    this.#socket.end();
  }

  /** @internal Called by the socket: nothing comes or goes any more. */
  transportClosed(): void {
    this.#protocol.receiveEnd();
    this.#deadline?.cancel();
    this.#options.ended?.(this);
  }

  /** @internal Called by the protocol. */
  message(bytes: Buffer, start: number, end: number, kind: MessageKind): void {
    const events = this.#events;
    try {
      const result = kind === "text" && events.text !== undefined
        ? events.text(decodeUtf8(bytes, start, end), this)
        : events.message?.(new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start), kind, this);
      if (result instanceof Promise) this.#waitFor(result);
    } catch (error) {
      this.#handlerFailed(error);
    }
  }

  /** @internal Called by the protocol. */
  pong(payload: Buffer): void {
    this.#tell(() => this.#events.pong?.(payload, this));
  }

  /** @internal Called by the protocol. */
  closed(status: CloseStatus): void {
    this.#tell(() => this.#events.closed?.(status, this));
    this.#end();
  }

  /**
   * §7.1.1: "The underlying TCP connection, in most normal cases, SHOULD be closed first by the server, so that it holds
   * the TIME_WAIT state and not the client".
   */
  #end(): void {
    const { clock, limits, role } = this.#options;
    this.#held = 0;
    this.flush();
    this.#deadline?.cancel();
    if (role === "server") return endAndLinger(this.#socket, clock, limits.closeTimeoutMs);
    this.#socket.resume();
    this.#deadline = clock.after(limits.closeTimeoutMs, () => this.#socket.destroy());
  }

  #mayQueue(): boolean {
    if (!this.open) return false;
    if (this.queuedBytes <= this.#options.limits.maxQueuedBytes) return true;
    this.close(CLOSE.tryLater.code, "Reads too slowly");
    return false;
  }

  #afterSend(): void {
    if (this.#protocol.output.length >= FLUSH_FROM_BYTES) {
      const turn = this.#turn;
      this.flush();
      this.#turn = turn;
    } else if (this.#turn === "idle") {
      this.#turn = "scheduled";
      flushAtEndOfTurn(this);
    }
  }

  #congested(): void {
    this.#protocol.setCongested(true);
    if (this.open) this.#hold(HELD_BY_CONGESTION);
  }

  #hold(reason: number): void {
    if (this.#held === 0) {
      this.#protocol.pause();
      this.#socket.pause();
    }
    this.#held |= reason;
  }

  #readOn(): void {
    if (this.#held !== 0) return;
    this.#turn = "receiving";
    this.#protocol.resume();
    this.flush();
    if (this.#held === 0) this.#socket.resume();
  }

  #waitFor(work: Promise<unknown>): void {
    this.#hold(HELD_BY_HANDLER);
    work.catch((error: unknown) => this.#handlerFailed(error)).finally(() => {
      this.#held &= ~HELD_BY_HANDLER;
      this.#readOn();
    });
  }

  #handlerFailed(error: unknown): void {
    this.#options.reportError(error);
    this.close(CLOSE.serverFault.code, "");
  }

  #tell(event: () => void): void {
    try {
      event();
    } catch (error) {
      this.#options.reportError(error);
    }
  }
}

const NOTHING = Buffer.alloc(0);
