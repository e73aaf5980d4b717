/**
 * A transport that a test moves by hand: it is the network and the server at once.
 *
 * @module
 */

import type { SessionInfo } from "../../src/client/client_state.ts";
import type {
  Transport,
  TransportEnd,
  TransportEvents,
  TransportLink,
  TransportRequest,
} from "../../src/client/transport.ts";

/** What a `hello` says in these tests. */
export const SESSION: SessionInfo = {
  sessionId: "s1",
  subject: "ada",
  roles: ["member"],
  expiresAt: 1_800_000_060_000,
  heartbeatMs: 30_000,
  maxMessageBytes: 1_000,
};

/** A message of the client, as it went over the wire. */
export interface SentMessage {
  readonly type: string;
  readonly id: string;
  readonly data?: unknown;
}

/** One connection, seen from the server. */
export class FakeLink implements TransportLink {
  readonly request: TransportRequest;
  /** Every text that the client has sent. */
  readonly texts: string[] = [];
  /** With what the client has closed it. */
  closedWith: { readonly code: number; readonly reason: string } | undefined;
  readonly #events: TransportEvents;
  #open = false;

  constructor(request: TransportRequest, events: TransportEvents) {
    this.request = request;
    this.#events = events;
  }

  /** What the client has sent. */
  get sent(): SentMessage[] {
    return this.texts.map((text) => JSON.parse(text) as SentMessage);
  }

  send(text: string): boolean {
    if (this.#open) this.texts.push(text);
    return this.#open;
  }

  close(code: number, reason: string): void {
    this.closedWith = { code, reason };
    this.#open = false;
  }

  /** The upgrade succeeds. */
  open(): this {
    this.#open = true;
    this.#events.opened();
    return this;
  }

  /** The server sends a message, or any text. */
  say(message: object | string): this {
    this.#events.text(typeof message === "string" ? message : JSON.stringify(message));
    return this;
  }

  /** The upgrade succeeds, and the session begins. */
  hello(session: Partial<SessionInfo> = {}): this {
    return this.open().say({ type: "hello", data: { ...SESSION, ...session } });
  }

  /** The server sends bytes. */
  binary(): void {
    this.#events.binary();
  }

  /** It ends. */
  end(end: TransportEnd): void {
    this.#open = false;
    this.#events.closed(end);
  }

  /** The server closes it. */
  closeWith(code: number, reason = ""): void {
    this.end({ kind: "closed", code, reason });
  }

  /** Sends no longer, as between the beginning of a close and its end. */
  jam(): void {
    this.#open = false;
  }
}

/** Makes connections that do nothing by themselves. */
export class FakeTransport implements Transport {
  readonly sendsHeaders: boolean;
  /** All that were asked for, the oldest first. */
  readonly links: FakeLink[] = [];

  constructor(sendsHeaders = true) {
    this.sendsHeaders = sendsHeaders;
  }

  /** The latest. */
  get link(): FakeLink {
    const link = this.links.at(-1);
    if (link === undefined) throw new Error("Nobody has connected");
    return link;
  }

  connect(request: TransportRequest, events: TransportEvents): FakeLink {
    const link = new FakeLink(request, events);
    this.links.push(link);
    return link;
  }
}
