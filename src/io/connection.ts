/**
 * What an application sees of an open WebSocket, on either side: what it can do, and what it is told.
 *
 * @module
 */

import type { CloseStatus } from "../protocol/close.ts";
import type { DeflateParameters } from "../protocol/deflate_negotiation.ts";
import type { MessageKind } from "../protocol/frame.ts";
import type { SharedMessage } from "../protocol/shared_message.ts";

/** An open WebSocket, on either side. */
export interface Connection {
  /** The subprotocol that was agreed on, if any. */
  readonly subprotocol: string | undefined;
  /** How messages are compressed, if both sides agreed to (RFC 7692). */
  readonly deflate: DeflateParameters | undefined;
  /** Whether messages can still be sent. */
  readonly open: boolean;
  /**
   * How many bytes wait for the peer to read. Whoever sends much watches it, and goes on at the event `drained`: above the
   * limit `maxQueuedBytes` the connection closes itself with 1013.
   */
  readonly queuedBytes: number;
  /** Whether the peer does not keep up, so that what is sent to it is kept back; until the event `drained`. */
  readonly congested: boolean;
  /** Whether a message of the peer is being handled, behind which others may wait. */
  readonly waitsForHandler: boolean;
  /**
   * Sends a message. What is sent in one turn of the event loop leaves in one write.
   *
   * @param data A string, sent as text; or bytes, sent as `kind`. Large bytes are sent from where they lie: do not change
   * them until they have left.
   * @param kind Of bytes, by default `binary`; bytes sent as `text` must be UTF-8.
   * @returns Whether the connection was still open.
   * @throws {PortcullisError} `invalid_argument` for anything else than a string or bytes.
   */
  send(data: string | Uint8Array, kind?: MessageKind): boolean;
  /**
   * Sends a message that {@link shareMessage} has encoded for many connections.
   *
   * @returns Whether the connection was still open.
   * @throws {PortcullisError} `invalid_argument` for anything else; `invalid_state` on a client, whose frames are each masked
   * by a key of their own.
   */
  sendShared(message: SharedMessage): boolean;
  /**
   * Sends a ping; the pong comes to the event of that name.
   *
   * @param payload At most 125 bytes; by default none.
   * @returns Whether the connection was still open.
   * @throws {PortcullisError} `invalid_argument` for a longer one.
   */
  ping(payload?: Uint8Array): boolean;
  /**
   * Starts the closing handshake; `closed` tells of its end, which comes after `closeTimeoutMs` at the latest.
   *
   * @param code 1000 to 1003, 1007 to 1014 or 3000 to 4999; by default 1000.
   * @param reason At most 123 bytes of UTF-8.
   * @throws {PortcullisError} `invalid_argument` for a code or reason that cannot be sent.
   */
  close(code?: number, reason?: string): void;
  /** Cuts TCP off at once. */
  destroy(): void;
}

/** A connection whose peer has not shown a token yet: it takes no message that is longer than one. */
export interface UnauthenticatedConnection extends Connection {
  /** Tells who it is now, which lifts the bound on messages, and has its events told to somebody else. */
  authenticated(events: ConnectionEvents): void;
}

/**
 * What a connection tells. One object may serve many connections.
 *
 * A `text` or `message` handler that returns a promise holds back whatever its own connection brings next, pings too, until
 * the promise settles; what it throws ends the connection with 1011. What the others throw is only reported.
 */
export interface ConnectionEvents {
  /** A text message, decoded. Without this handler, text comes to `message` as UTF-8. */
  text?(text: string, connection: Connection): unknown;
  /**
   * A binary message, or any when there is no `text`. The bytes are a view of the chunk that brought them, or of
   * their own memory when they were compressed: nobody writes to them again, but whoever keeps a few of them for long, or transfers them to a worker, copies them first.
   */
  message?(data: Uint8Array, kind: MessageKind, connection: Connection): unknown;
  /** A pong, asked for or not. */
  pong?(payload: Uint8Array, connection: Connection): void;
  /** The peer has taken what was queued for it, after there had been so much that it was kept back. */
  drained?(connection: Connection): void;
  /** The end; said once, and nothing after it. */
  closed?(status: CloseStatus, connection: Connection): void;
}
