/**
 * Sockets of the load. It runs under Bun, whose sockets cost less than those of any server here, so that it is the server that is
 * measured.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";

/** The part of Bun that is used here; its types are not there when these are checked. */
interface Bun {
  connect(options: object): Promise<unknown>;
}

interface BunTcp {
  data: Peer;
  write(bytes: Uint8Array, offset: number, length: number): number;
  end(): void;
  terminate(): void;
}

/** What is done with what comes. */
export interface PeerEvents {
  /** Bytes came, behind the head of the response. They are gone when this returns. */
  received?(chunk: Buffer, peer: Peer): void;
  /** The handshake is through; without one, the connection is. */
  opened?(peer: Peer): void;
  /** The connection is over. */
  closed?(peer: Peer): void;
}

/** One connection to a server. */
export class Peer {
  /** The head of the response. */
  head = "";
  /** Bytes that have come and have not been counted off as whole messages yet. */
  #pendingBytes = 0;
  readonly #events: PeerEvents;
  #socket: BunTcp | undefined;
  #stage: "opening" | "open" | "closed" = "opening";
  /** What is to be written again and again, how much of it is due, and where it goes on. */
  #batch: Buffer = Buffer.alloc(0);
  #dueBytes = 0;
  #at = 0;

  constructor(events: PeerEvents) {
    this.#events = events;
  }

  /** Sets what {@link Peer.send} writes, over and over. */
  repeat(batch: Buffer): void {
    this.#batch = batch;
  }

  /** Writes bytes once, behind what is still to be written of others. */
  append(bytes: Buffer): void {
    this.#batch = Buffer.concat([
      this.#batch.subarray(this.#at, this.#at + this.#dueBytes),
      bytes,
    ]);
    this.#at = 0;
    this.#dueBytes = this.#batch.length;
    this.#pump();
  }

  /** Writes so many more bytes of the batch. */
  send(bytes: number): void {
    this.#dueBytes += bytes;
    this.#pump();
  }

  /**
   * Counts what has come.
   *
   * @param bytes How much more.
   * @param messageBytes How long each message is.
   * @returns How many messages that completes.
   */
  complete(bytes: number, messageBytes: number): number {
    this.#pendingBytes += bytes;
    const messages = Math.floor(this.#pendingBytes / messageBytes);
    this.#pendingBytes -= messages * messageBytes;
    return messages;
  }

  /** Says goodbye in TCP only. */
  end(): void {
    this.#socket?.end();
  }

  /** @internal */
  connected(socket: BunTcp, request: Buffer | undefined): void {
    this.#socket = socket;
    if (request === undefined) return this.#opened();
    socket.write(request, 0, request.length);
  }

  /** @internal */
  data(chunk: Buffer): void {
    if (this.#stage === "open") return this.#events.received?.(chunk, this);
    this.head += chunk.toString("latin1");
    const end = this.head.indexOf("\r\n\r\n");
    if (end < 0) return;
    if (!this.head.startsWith("HTTP/1.1 101")) {
      throw new Error(`No 101 but ${this.head.slice(0, 60)}`);
    }
    const rest = Buffer.from(this.head.slice(end + 4), "latin1");
    this.#opened();
    if (rest.length > 0) this.#events.received?.(rest, this);
  }

  /** @internal */
  closed(): void {
    if (this.#stage === "closed") return;
    this.#stage = "closed";
    this.#events.closed?.(this);
  }

  /** @internal */
  drained(): void {
    this.#pump();
  }

  #opened(): void {
    this.#stage = "open";
    this.#events.opened?.(this);
  }

  #pump(): void {
    while (this.#dueBytes > 0 && this.#stage === "open") {
      const length = Math.min(this.#dueBytes, this.#batch.length - this.#at);
      const written = this.#socket?.write(this.#batch, this.#at, length) ?? 0;
      if (written <= 0) return;
      this.#dueBytes -= written;
      this.#at = (this.#at + written) % this.#batch.length;
      if (written < length) return;
    }
  }
}

/** What is called by Bun; the same functions for all sockets. */
const HANDLERS = {
  data: (socket: BunTcp, chunk: Buffer) => socket.data.data(chunk),
  drain: (socket: BunTcp) => socket.data.drained(),
  close: (socket: BunTcp) => socket.data.closed(),
  error: (socket: BunTcp) => socket.data.closed(),
};

/**
 * Connects to a server: with `ws://` by a handshake, with `tcp://` without.
 *
 * @param target Where.
 * @param events Whom to tell.
 * @param fields Further lines of the request.
 */
export async function connectTo(
  target: URL,
  events: PeerEvents,
  fields = "",
): Promise<Peer> {
  const { Bun } = globalThis as unknown as { readonly Bun: Bun };
  const peer = new Peer(events);
  const request = target.protocol === "tcp:" ? undefined : requestFor(target, fields);
  await Bun.connect({
    hostname: target.hostname,
    port: Number(target.port),
    data: peer,
    socket: {
      ...HANDLERS,
      open: (socket: BunTcp) => peer.connected(socket, request),
    },
  });
  return peer;
}

function requestFor(target: URL, fields: string): Buffer {
  return Buffer.from(
    `GET ${target.pathname} HTTP/1.1\r\nHost: ${target.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${
        randomBytes(16).toString("base64")
      }\r\nSec-WebSocket-Version: 13\r\n${fields}\r\n`,
  );
}
