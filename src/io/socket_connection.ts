/**
 * A socket and a protocol put together: bytes one way, frames the other, backpressure both ways.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers";
import type { Clock, Timer } from "../base/clock.ts";
import { PortcullisError } from "../base/errors.ts";
import type { Limits } from "../base/limits.ts";
import { callGuarded, isThenable } from "../base/promise.ts";
import { NOT_LISTED } from "../base/roster.ts";
import type { Spoke } from "../base/timer_wheel.ts";
import type { CloseStatus } from "../protocol/close.ts";
import { CLOSE } from "../protocol/close_codes.ts";
import { Deflate } from "../protocol/deflate.ts";
import type { DeflateParameters } from "../protocol/deflate_negotiation.ts";
import type { DeflateOptions } from "../protocol/deflate_options.ts";
import {
  type MaskingKeySource,
  MAX_SHORT_PAYLOAD_BYTES,
  type MessageKind,
  type Side,
} from "../protocol/frame.ts";
import type { Agreement } from "../protocol/handshake.ts";
import { Protocol, type ProtocolEvents, type ProtocolOptions } from "../protocol/protocol.ts";
import { SharedMessage } from "../protocol/shared_message.ts";
import { TokenBucket } from "../session/rate_limit.ts";
import { cutOffWhenStalled, endAndLinger } from "./linger.ts";
import type { Acquaintance } from "./occupancy.ts";
import { isPlainSocket } from "./plain_socket.ts";
import { listenTo, type SocketOwner } from "./socket_events.ts";
import { type Congestible, SocketWriter } from "./socket_writer.ts";
import type { ConnectionEvents, UnauthenticatedConnection } from "./connection.ts";

/** What connections are made of; one object serves all connections of a server. */
export interface ConnectionOptions {
  readonly role: Side;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly maskingKey?: MaskingKeySource;
  /** How messages are compressed, where the peer agrees. (The option `deflate` of the protocol is what came of it.) */
  readonly compression?: DeflateOptions | undefined;
  /**
   * What {@link ReadingOptions.ownsChunks} is for most connections. Each is judged by its own socket; one for which it is the same needs
   * no options of its own.
   */
  readonly ownsChunks?: boolean;
  /** Gets what a handler threw. Must not throw. */
  readonly reportError: (error: unknown) => void;
  /** Told when it is known who a stranger is. Must not throw. */
  readonly authenticated?: (connection: SocketConnection) => void;
  /** Told how a connection ended, after the application. Must not throw. */
  readonly closed?: (status: CloseStatus) => void;
  /** Told when the socket is gone, after `closed`. Must not throw. */
  readonly ended?: (connection: SocketConnection) => void;
}

const HELD_BY_HANDLER = 1;
const HELD_BY_CONGESTION = 2;
const HELD_BY_WORK = 4;

/**
 * Compressed messages cost far more than the bytes that bring them: a packet may hold thousands, each of which takes a decompressor,
 * and nobody else would be served between them. After messages of so many bytes, where each counts for some more than
 * it has, the others have their turn.
 */
const WORK_OF_A_TURN_BYTES = 1_048_576;
const WORK_OF_A_MESSAGE_BYTES = 4_096;

/** The one implementation of {@link Connection}. */
export class SocketConnection
  implements UnauthenticatedConnection, ProtocolEvents, SocketOwner, Congestible, Spoke {
  readonly subprotocol: string | undefined;
  readonly deflate: DeflateParameters | undefined;
  /** Its place among those of its server. */
  rosterIndex: number = NOT_LISTED;
  /** For the heartbeat: its place among those of its server, too. */
  wheelSlot = 0;
  /** For the heartbeat: how often it has looked since a message went either way. */
  quietLooks = 0;
  /** For the heartbeat: whether the peer sent or took anything since it last looked, and whether it has asked. */
  pulse: "heard" | "silent" | "asked" = "heard";
  /** The peer's address, and whether it is known who the peer is: for whoever counts them. */
  address = "";
  acquaintance: Acquaintance = "known";

  readonly #socket: Duplex;
  readonly #protocol: Protocol;
  readonly #writer: SocketWriter;
  readonly #options: ConnectionOptions;
  #events: ConnectionEvents = NOBODY;
  /** Why nothing is read at the moment; 0 when it is. */
  #held = 0;
  /** Work on compressed messages since the others last had their turn. */
  #workedBytes = 0;
  /** Whether the peer's FIN came while something that came before it still waits. */
  #endWaits = false;
  /** There once the peer has sent a control frame. */
  #controlFrames: TokenBucket | undefined;
  #deadline: Timer | undefined;

  /**
   * @param socket After the 101; it must have a listener for errors.
   * @param options What the connection is made of.
   * @param agreement What the handshake came to.
   */
  constructor(socket: Duplex, options: ConnectionOptions, agreement: Agreement) {
    this.#socket = socket;
    this.#options = options;
    this.subprotocol = agreement.subprotocol;
    this.deflate = agreement.deflate;
    // A client's socket would end its side by itself, in front of what a slow handler has not read yet.
    socket.allowHalfOpen = true;
    (socket as Partial<Socket>).setTimeout?.(0);
    // A turn's output is one write already; Nagle's algorithm would only hold it back.
    (socket as Partial<Socket>).setNoDelay?.(true);
    this.#protocol = new Protocol(this, protocolOptions(socket, options, agreement));
    this.#writer = new SocketWriter(socket, this.#protocol.output, this);
  }

  /** Puts the head of the response in front of all frames. @param head In ASCII. */
  respond(head: string): void {
    this.#writer.gather();
    const { output } = this.#protocol;
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
    if (this.#socket.destroyed) return this.transportClosed();
    listenTo(this.#socket, this);
    // Unless what was said at once was too much for the peer already. A front door may have paused what came meanwhile.
    if (this.#held === 0) this.#socket.resume();
    if (head.length > 0) this.received(head);
    if (this.#socket.readableEnded) this.peerEnded();
  }

  /** Takes shorter messages only, for as long as it is not known from whom. */
  restrict(maxMessageBytes: number): void {
    const { limits } = this.#options;
    this.#protocol.setLimits({
      ...limits,
      maxMessageBytes: Math.min(maxMessageBytes, limits.maxMessageBytes),
    });
  }

  authenticated(events: ConnectionEvents): void {
    this.acquaintance = "known";
    this.#options.authenticated?.(this);
    this.#events = events;
    this.#protocol.setLimits(this.#options.limits);
  }

  get open(): boolean {
    return this.#protocol.state === "open";
  }

  get queuedBytes(): number {
    return this.#writer.queuedBytes;
  }

  get congested(): boolean {
    return this.#writer.congested;
  }

  /** Whether silence is our own doing: messages are not read while a handler is at work. */
  get waitsForHandler(): boolean {
    return (this.#held & HELD_BY_HANDLER) !== 0;
  }

  send(data: string | Uint8Array, kind: MessageKind = "binary"): boolean {
    if (typeof data !== "string") checkBytes(data);
    if (!this.#mayQueue()) return false;
    const sent = typeof data === "string"
      ? this.#protocol.sendText(data)
      : this.#protocol.sendBytes(data, kind);
    this.quietLooks = 0;
    this.#writer.added();
    return sent;
  }

  sendShared(message: SharedMessage): boolean {
    if (!(message instanceof SharedMessage)) {
      throw new PortcullisError("invalid_argument", "What is shared must come from shareMessage().");
    }
    if (this.#options.role === "client") {
      throw new PortcullisError(
        "invalid_state",
        "A client masks each frame by itself; it cannot send a shared one.",
      );
    }
    if (!this.#mayQueue()) return false;
    const sent = this.#protocol.sendShared(message);
    this.quietLooks = 0;
    this.#writer.added();
    return sent;
  }

  ping(payload: Uint8Array = NOTHING): boolean {
    checkBytes(payload);
    if (payload.length > MAX_SHORT_PAYLOAD_BYTES) {
      throw new PortcullisError("invalid_argument", `Ping has ${payload.length} bytes; at most 125 fit.`);
    }
    if (!this.#mayQueue()) return false;
    const sent = this.#protocol.ping(payload);
    this.#writer.added();
    return sent;
  }

  close(code: number = CLOSE.normal.code, reason = ""): void {
    if (!this.open) return;
    this.#protocol.close(code, reason);
    // The peer's answer must be read, whoever held reading up; what it still sends before that is dropped.
    this.#held = 0;
    // Before `start` nobody listens, and what flowed then would be lost.
    if (this.#events !== NOBODY) this.#socket.resume();
    this.#writer.added();
    const { clock, limits } = this.#options;
    const queued = () => this.queuedBytes;
    this.#deadline ??= cutOffWhenStalled(clock, limits.closeTimeoutMs, queued, () => this.destroy());
  }

  destroy(): void {
    this.#socket.destroy();
    // Before `start` there is nobody to tell; it finds the socket destroyed, and tells then.
    if (this.#events !== NOBODY) this.#protocol.receiveEnd();
  }

  /** Writes what has been gathered, now. */
  flush(): void {
    this.#writer.flush();
  }

  /** @internal Called by the socket. */
  received(chunk: Buffer): void {
    this.pulse = "heard";
    this.#writer.gather();
    this.#protocol.receive(chunk);
    this.#writer.flush();
  }

  /** @internal Called by the socket. */
  drained(): void {
    this.pulse = "heard";
    // First the pong that is owed, then what was kept back.
    this.#protocol.setCongested(false);
    if (!this.#writer.drained()) return;
    if (this.open) this.#tell(() => this.#events.drained?.(this));
    this.#release(HELD_BY_CONGESTION);
  }

  /** @internal Called by the socket: the peer's FIN. Sockets of `node:http` are half-open, so ours is up to us. */
  peerEnded(): void {
    // What came before it is handled first, also when that has to wait.
    this.#endWaits = this.#held !== 0;
    if (this.#endWaits) return;
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
    this.quietLooks = 0;
    try {
      const result = kind === "text" && events.text !== undefined
        ? events.text(bytes.toString("utf8", start, end), this)
        : events.message?.(new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start), kind, this);
      if (result !== undefined && isThenable(result)) this.#waitFor(Promise.resolve(result));
    } catch (error) {
      this.#handlerFailed(error);
    }
    if (this.deflate !== undefined) this.#worked(end - start);
  }

  /** @internal Called by the protocol. */
  mayControl(): boolean {
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
    this.#tell(() => this.#events.closed?.(status, this));
    this.#options.closed?.(status);
    this.#end();
  }

  /**
   * §7.1.1: "The underlying TCP connection, in most normal cases, SHOULD be closed first by the server, so that it holds
   * the TIME_WAIT state and not the client".
   */
  #end(): void {
    const { clock, limits, role } = this.#options;
    this.#held = 0;
    this.#writer.flushAll();
    this.#deadline?.cancel();
    if (role === "server") return endAndLinger(this.#socket, clock, limits.closeTimeoutMs);
    this.#socket.resume();
    const queued = () => this.#socket.writableLength;
    this.#deadline = cutOffWhenStalled(clock, limits.closeTimeoutMs, queued, () => this.#socket.destroy());
  }

  #mayQueue(): boolean {
    if (!this.open) return false;
    if (this.queuedBytes <= this.#options.limits.maxQueuedBytes) return true;
    this.close(CLOSE.tryLater.code, "Reads too slowly");
    return false;
  }

  /**
   * @internal Called by the writer.
   *
   * A server stops reading from a peer that does not read: what it asked for would pile up here. A client goes on, or two
   * that write to each other would both wait for the other to read.
   */
  keptBack(): void {
    this.#protocol.setCongested(true);
    if (this.open && this.#options.role === "server") this.#hold(HELD_BY_CONGESTION);
  }

  #hold(reason: number): void {
    if (this.#held === 0) {
      this.#protocol.pause();
      this.#socket.pause();
    }
    this.#held |= reason;
  }

  #release(reason: number): void {
    if ((this.#held & reason) === 0) return;
    this.#held &= ~reason;
    if (this.#held !== 0) return;
    this.#writer.gather();
    this.#protocol.resume();
    this.#writer.flush();
    if (this.#held !== 0) return;
    if (this.#endWaits) this.peerEnded();
    else this.#socket.resume();
  }

  #worked(bytes: number): void {
    this.#workedBytes += WORK_OF_A_MESSAGE_BYTES + bytes;
    if (this.#workedBytes < WORK_OF_A_TURN_BYTES || !this.open) return;
    this.#workedBytes = 0;
    this.#hold(HELD_BY_WORK);
    setImmediate(() => this.#release(HELD_BY_WORK));
  }

  #waitFor(work: Promise<unknown>): void {
    this.#hold(HELD_BY_HANDLER);
    void work.catch((error: unknown) => this.#handlerFailed(error)).finally(() =>
      this.#release(HELD_BY_HANDLER)
    );
  }

  #handlerFailed(error: unknown): void {
    this.#options.reportError(error);
    this.close(CLOSE.serverFault.code, "");
  }

  #tell(event: () => unknown): void {
    callGuarded(event, this.#options.reportError);
  }
}

/** The same object for all connections that have nothing of their own, so that an idle one does not hold a copy. */
function protocolOptions(socket: Duplex, options: ConnectionOptions, agreement: Agreement): ProtocolOptions {
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

/** In JavaScript anything may be given; a length that is not a number would spoil everything sent after it. */
function checkBytes(data: unknown): void {
  if (data instanceof Uint8Array) return;
  throw new PortcullisError("invalid_argument", "What is sent must be a string or a Uint8Array.");
}

const NOTHING = Buffer.alloc(0);

/** Until a connection is started. */
const NOBODY: ConnectionEvents = {};
