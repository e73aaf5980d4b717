/**
 * What the client needs of a connection: the only thing between it and sockets. A page has the WebSocket of its browser,
 * Node and Deno have our own, which sees more; a test has one that it moves by hand.
 *
 * @module
 */

import type { PortcullisError } from "../base/errors.ts";

/** Where to connect, and with what. */
export interface TransportRequest {
  /** A `ws:` or `wss:` URL. May carry a ticket, and is a secret then. */
  readonly url: string;
  /** The subprotocols to offer. One may carry the token: never to be logged. */
  readonly subprotocols: readonly string[];
  /** What to send as `Authorization: Bearer …`, if anything. */
  readonly token: string | undefined;
}

/** How a connection ended, or that it never came about. */
export type TransportEnd =
  /** It was open, and ended with this code; 1006 without a Close frame. */
  | { readonly kind: "closed"; readonly code: number; readonly reason: string }
  /** The server answered the upgrade with an HTTP status, and perhaps with when to try again. */
  | { readonly kind: "refused"; readonly status: number; readonly retryAfterMs: number | undefined }
  /** The server's answer was never seen: nobody was asked to judge the token. */
  | { readonly kind: "unreachable" }
  /** One of the two above, and this transport cannot tell which. */
  | { readonly kind: "unclear" }
  /** This can never work, as the URL or the runtime is not made for it. */
  | { readonly kind: "unusable"; readonly error: PortcullisError };

/** What a transport tells. After `closed` it tells nothing more. */
export interface TransportEvents {
  /** The upgrade has succeeded. */
  opened(): void;
  /** A text message came. */
  text(text: string): void;
  /** A binary message came, of which the protocol has none. */
  binary(): void;
  /** The end; said once, also when there never was a connection. Not before `connect` has returned. */
  closed(end: TransportEnd): void;
}

/** One connection, or the attempt to get one. */
export interface TransportLink {
  /** Sends a text message. @returns Whether the connection was open. */
  send(text: string): boolean;
  /** Starts the closing handshake, or gives the attempt up. */
  close(code: number, reason: string): void;
}

/** Makes connections. */
export interface Transport {
  /** Whether it can send an `Authorization` field, as a page's cannot. */
  readonly sendsHeaders: boolean;
  /** Connects. Must not throw; what goes wrong comes as an event. */
  connect(request: TransportRequest, events: TransportEvents): TransportLink;
}
