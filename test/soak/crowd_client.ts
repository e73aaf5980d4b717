/**
 * A client of which one process can have ten thousand: a socket, and as much of the protocol as it needs.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import { clientFrame, close, parseFrame, text } from "../support/raw_http_frames.ts";

/** What a client tells. */
export interface CrowdEvents {
  /** The `hello` has come. */
  entered?(client: CrowdClient): void;
  /** A message of the server. */
  message?(message: Readonly<Record<string, unknown>>, client: CrowdClient): void;
  /** The end: the status code of the server's Close frame, if there was one, and whether TCP was cut off. */
  ended?(
    end: { readonly code: number | undefined; readonly reset: boolean; readonly status: number | undefined },
  ): void;
}

/** Ports are few for one pair of addresses; a client has one of these for its own. */
const SOURCES = 8;
let made = 0;

/** One of a crowd. */
export class CrowdClient {
  readonly socket: Socket;
  /** How many messages of each type it got. */
  news = 0;
  #heard: Buffer = Buffer.alloc(0);
  #status: number | undefined;
  #code: number | undefined;
  #failure: string | undefined;
  readonly #events: CrowdEvents;

  constructor(port: number, token: string, events: CrowdEvents) {
    this.#events = events;
    const localAddress = `127.0.0.${2 + (made++ % SOURCES)}`;
    const socket = this.socket = connect({ port, host: "127.0.0.1", localAddress, noDelay: true });
    socket.on("error", (error: Error & { readonly code?: string }) => this.#failure = error.code ?? "error");
    socket.on("data", (chunk: Buffer) => this.#received(chunk));
    socket.on("close", () => {
      this.#events.ended?.({ code: this.#code, reset: this.#failure !== undefined, status: this.#status });
    });
    socket.write(
      "GET / HTTP/1.1\r\nHost: soak\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
        `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    );
  }

  /** Asks something. */
  ask(type: string, id: string, data: unknown = id): void {
    this.socket.write(text(JSON.stringify({ type, id, data })));
  }

  /** Leaves as it should. */
  leave(): void {
    this.socket.end(close(1000));
  }

  #received(chunk: Buffer): void {
    this.#heard = this.#heard.length === 0 ? chunk : Buffer.concat([this.#heard, chunk]);
    if (this.#status === undefined && !this.#head()) return;
    if (this.#status !== 101) return;
    for (let next = parseFrame(this.#heard); next !== undefined; next = parseFrame(this.#heard)) {
      this.#heard = this.#heard.subarray(next.size);
      const { opcode, payload } = next.frame;
      if (opcode === 9) this.socket.write(clientFrame(10, payload));
      else if (opcode === 8) this.#closed(payload);
      else if (opcode === 1) this.#message(payload.toString());
    }
  }

  #head(): boolean {
    const end = this.#heard.indexOf("\r\n\r\n");
    if (end < 0) return false;
    this.#status = Number(this.#heard.toString("latin1", 9, 12));
    this.#heard = this.#heard.subarray(end + 4);
    return true;
  }

  #closed(payload: Buffer): void {
    this.#code = payload.length < 2 ? 1005 : payload.readUInt16BE(0);
    this.socket.end(close(1000));
  }

  #message(json: string): void {
    // Counted without being parsed: a crowd gets a million of them.
    if (json.startsWith('{"type":"news"')) return void this.news++;
    const message = JSON.parse(json) as Record<string, unknown>;
    if (message["type"] === "hello") this.#events.entered?.(this);
    else this.#events.message?.(message, this);
  }
}
