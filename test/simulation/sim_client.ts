/**
 * A client in the simulation: what it has asked, what it was told, and what it has done that may end its session.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { clientFrame, close, parseFrame, type RawFrame, text } from "../support/raw_http_frames.ts";
import type { ModelToken } from "./model.ts";
import type { SimSocket, SocketListener } from "./sim_socket.ts";

/** What a client tells the simulation. */
export interface ClientEvents {
  /** The answer to its handshake, as the server wrote it. */
  answered(client: SimClient, status: number): void;
  /** A message that the server sent of itself. */
  told(client: SimClient, type: string, data: unknown): void;
  /** Something that must not be. */
  broken(what: string): void;
}

/** One client, from its handshake to its end. */
export class SimClient implements SocketListener {
  readonly name: string;
  /** What its lease rests on. */
  token: ModelToken;
  /** What it has shown instead, and was not answered yet. */
  refreshing: ModelToken | undefined;
  socket: SimSocket | undefined;
  /** Of the answer to its handshake. */
  status: number | undefined;
  /** Once the server has begun its session. */
  sessionId: string | undefined;
  /** That of the server's Close frame. */
  closeCode: number | undefined;
  isGone = false;
  /** When it vanished from the network without a word. */
  vanishedAtMs: number | undefined;
  readonly rooms = new Set<string>();
  /** The ids of what was asked and is not answered yet, in their order; `undefined` for what has none. */
  readonly awaiting: (string | undefined)[] = [];
  /** What was said to it in a way that must not be lost, and what it was told. */
  readonly due: number[] = [];
  readonly got: number[] = [];
  /** What it did that may end its session: its network, its manners. */
  readonly faults = new Set<string>();
  #heard: Buffer = Buffer.alloc(0);
  #asked = 0;
  #refreshId: string | undefined;
  readonly #events: ClientEvents;

  constructor(name: string, token: ModelToken, events: ClientEvents) {
    this.name = name;
    this.token = token;
    this.#events = events;
  }

  /** Whether it is in a session, as far as it can be known on the wire. */
  get isIn(): boolean {
    return this.sessionId !== undefined && this.closeCode === undefined && !this.isGone;
  }

  /** Asks something. @returns The id. */
  ask(type: string, data: unknown): string {
    const id = String(++this.#asked);
    this.say(JSON.stringify({ type, id, data }), id);
    return id;
  }

  /** Shows another token. */
  refresh(token: ModelToken): void {
    this.refreshing = token;
    this.#refreshId = this.ask("auth.refresh", { token: token.jwt });
  }

  /** Sends any text, of whose reply it expects this id. */
  say(message: string, id: string | undefined): void {
    this.awaiting.push(id);
    this.socket?.arrive(text(message));
  }

  /** Sends any frame. */
  send(frame: Buffer): void {
    this.socket?.arrive(frame);
  }

  /** Says that it leaves. */
  leave(): void {
    this.faults.add("left");
    this.socket?.arrive(close(1000));
  }

  said(bytes: Buffer): void {
    this.#heard = Buffer.concat([this.#heard, bytes]);
    if (this.status === undefined) this.#head();
    if (this.status !== 101) return;
    for (let next = parseFrame(this.#heard); next !== undefined; next = parseFrame(this.#heard)) {
      this.#heard = this.#heard.subarray(next.size);
      this.#frame(next.frame);
    }
  }

  saidEnd(): void {
    this.socket?.arriveEnd();
  }

  gone(): void {
    this.isGone = true;
  }

  #head(): void {
    const end = this.#heard.indexOf("\r\n\r\n");
    if (end < 0) return;
    this.status = Number(this.#heard.toString("latin1", 9, 12));
    this.#heard = this.#heard.subarray(end + 4);
    this.#events.answered(this, this.status);
  }

  #frame({ opcode, payload }: RawFrame): void {
    if (this.closeCode !== undefined) {
      return this.#events.broken(`${this.name} is told something behind its Close frame`);
    }
    if (opcode === 9) this.send(clientFrame(10, payload));
    else if (opcode === 8) this.#closed(payload);
    else if (opcode === 1) this.#message(JSON.parse(payload.toString()) as Record<string, unknown>);
  }

  #closed(payload: Buffer): void {
    this.closeCode = payload.length < 2 ? 1005 : payload.readUInt16BE(0);
    this.send(close(1000));
  }

  #message({ type, re, data }: Record<string, unknown>): void {
    if (type !== "ok" && type !== "error") return this.#events.told(this, String(type), data);
    const [wanted] = this.awaiting;
    if (this.awaiting.length === 0 || wanted !== re) {
      return this.#events.broken(
        `${this.name} awaits the answer to ${wanted}, and gets that to ${String(re)}`,
      );
    }
    this.awaiting.shift();
    if (re === this.#refreshId) this.refreshing = undefined;
  }
}
