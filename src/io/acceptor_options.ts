/**
 * What an acceptor is told.
 *
 * @module
 */

import type { DoorPolicy } from "../auth/authenticate.ts";
import type { Identity } from "../auth/claims.ts";
import type { Clock } from "../base/clock.ts";
import type { Limits } from "../base/limits.ts";
import type { DeflateChoice } from "../protocol/deflate_options.ts";
import type { UpgradeOffer } from "../protocol/handshake.ts";
import type { Connection, ConnectionEvents } from "./connection.ts";
import type { RefusalName } from "./refusal.ts";

/** A request that has passed the door. */
export interface AcceptedRequest {
  /** What the client asked for. */
  readonly offer: UpgradeOffer;
  /** Who the token says it is; `undefined` only behind `insecureAllowAnonymous`. */
  readonly identity: Identity | undefined;
  /** The address of the peer of the socket, which may be a proxy. */
  readonly address: string;
}

/** What an acceptor is told. */
export type AcceptorOptions = DoorPolicy & AcceptorSettings;

/** What an acceptor is told besides who is let in. */
export interface AcceptorSettings {
  /** The one path that is answered, exactly; others get 404. Without it, every path is. */
  readonly path?: string;
  /** The subprotocols that are spoken, in order of preference; the first that the client offers is chosen. */
  readonly subprotocols?: readonly string[];
  /** Named in the challenge of a 401; by default `portcullis`. */
  readonly realm?: string;
  /**
   * Whether messages are compressed for clients that offer it (RFC 7692): `true`, or what differs from the defaults. By default
   * they are not: compressing what an attacker can choose together with a secret tells the secret by its length (CRIME), and it
   * costs memory and time that a peer decides over.
   */
  readonly deflate?: DeflateChoice;
  /** The limits that differ from their defaults. */
  readonly limits?: Partial<Limits>;
  /** The time; by default that of the machine. */
  readonly clock?: Clock;
  /**
   * A last word on a valid token, which may take its time, as a look-up in a database does.
   *
   * @param request What has passed so far.
   * @param signal Aborts when nobody waits for the answer any more: the deadline is over, or the peer is gone.
   * @returns Whether the request may pass; `false` is answered with 403.
   */
  approve?(request: AcceptedRequest, signal: AbortSignal): boolean | Promise<boolean>;
  /**
   * Right before the 101: whether there is space.
   *
   * @returns Why not, or `undefined`.
   */
  admit?(request: AcceptedRequest): RefusalName | undefined;
  /** Right behind the 101. @returns Whom to tell of what happens on the connection. */
  connected(connection: Connection, request: AcceptedRequest): ConnectionEvents;
  /** Told of each refusal, with the reason that the peer is not told. Must not throw. */
  refused?(name: RefusalName, reason: string, address: string): void;
  /** Gets what the application's own functions threw; by default it is written to standard error. */
  reportError?(error: unknown): void;
}
