/**
 * What an acceptor is told.
 *
 * @module
 */

import type { Identity } from "../auth/claims.ts";
import type { Carrier } from "../auth/credential.ts";
import type { Clock } from "../base/clock.ts";
import type { DoorPolicy } from "../auth/door.ts";
import type { Limits } from "../base/limits.ts";
import type { DeflateChoice } from "../protocol/deflate_options.ts";
import type { UpgradeOffer } from "../protocol/handshake.ts";
import type { Connection, ConnectionEvents, UnauthenticatedConnection } from "./connection.ts";
import type { Decision } from "./decision.ts";
import type { DoorMeter } from "./metrics.ts";
import type { TrustedProxies } from "./peer_address.ts";
import type { Refusal } from "./refusal.ts";
import type { TraceOptions } from "./trace.ts";
import type { Tracer } from "./tracer.ts";

/** A request that has passed the door. */
export interface AcceptedRequest {
  /** What the client asked for. */
  readonly offer: UpgradeOffer;
  /**
   * Who the token says it is; `undefined` only with `insecureAllowAnonymous`, and in {@link AcceptorSettings.unauthenticated}.
   */
  readonly identity: Identity | undefined;
  /** Where the credential was; `undefined` only with `insecureAllowAnonymous`. */
  readonly carrier: Carrier | undefined;
  /** The address of the peer of the socket, which may be a proxy; with {@link AcceptorSettings.trustedProxies}, the client's. */
  readonly address: string;
  /** @internal The number by which it is observed. */
  readonly traceNumber?: number | undefined;
}

/** What an acceptor is told. */
export type AcceptorOptions = DoorPolicy & AcceptorSettings;

/** What an acceptor is told besides who is let in. */
export interface AcceptorSettings {
  /** The one path that is answered, exactly; others get 404. Without it, every path is. */
  readonly path?: string;
  /**
   * A path on which an ordinary `GET` is told what an upgrade would be: the same decision, as 200 or as
   * `application/problem+json`. A page sees nothing but 1006 of a refused upgrade; here it finds out why. The token may
   * always be in `Authorization`. Needs {@link Acceptor.handleRequest}, or {@link Acceptor.attach}.
   */
  readonly checkPath?: string;
  /**
   * A path on which `POST` with a valid token, in `Authorization` or where else one may be, is answered with a ticket:
   * `{"ticket":"…","expiresInMs":15000}`. Needs `ticket` among the `carriers`.
   */
  readonly ticketPath?: string;
  /**
   * Whether a refusal for reasons of identity (401, 403) completes the upgrade after all, only to close it at once with 3000
   * or 3003 and the reason, so that a page can see it. Nothing that the client sends is looked at. By default not: a stranger
   * is then answered in HTTP, and no connection exists.
   */
  readonly explainRefusals?: boolean;
  /** The subprotocols that are spoken, in order of preference; the first that the client offers is chosen. By default none. */
  readonly subprotocols?: readonly string[];
  /** Named in the challenge of a 401; by default `portcullis`. */
  readonly realm?: string;
  /**
   * Whether messages are compressed for clients that offer it (RFC 7692): `true`, or what differs from the defaults. By default
   * they are not: compressing what an attacker can choose together with a secret tells the secret by its length (CRIME), and it
   * costs memory and time that a peer decides over.
   */
  readonly deflate?: DeflateChoice;
  /**
   * The proxies in front of this server, and the field in which they say for whom they forward. Limits by address, decisions and the
   * audit events of the door then have the client's address. Without it no field is believed, and the address is that of the socket's peer.
   */
  readonly trustedProxies?: TrustedProxies;
  /** The limits that differ from their defaults; see `LIMITS`. */
  readonly limits?: Partial<Limits>;
  /** The time; by default that of the machine. */
  readonly clock?: Clock;
  /**
   * A last word on a valid token, which may take its time, as a look-up in a database does; by default every valid token is enough.
   * When it has not answered after `handshakeTimeoutMs`, the answer is 503; what it throws is reported, and answered with 500.
   *
   * A gate asks it of each token that a session is put on by `auth.refresh`, too; the request is then the one that began the
   * session, without its fields, subprotocols and query; and the answers are `forbidden`, `rate_limited` and `internal`.
   *
   * @param request What has passed so far.
   * @param signal Aborts when nobody waits for the answer any more: the deadline is over, the peer is gone, its session has
   * ended, or nobody is let in any more.
   * @returns Whether the request may pass; anything but `true` is answered with 403.
   */
  approve?(request: AcceptedRequest, signal: AbortSignal): boolean | Promise<boolean>;
  /**
   * Right before the 101, and when a page asks what it would be: whether there is room; by default there is. Must change nothing. What it
   * throws is reported, and answered with 500.
   *
   * @returns Why not, or `undefined`.
   */
  admit?(request: AcceptedRequest): Refusal | undefined;
  /**
   * Right after the 101. What it throws is reported, and the connection closed with 1011.
   *
   * @returns Whom to tell of what happens on the connection.
   */
  connected(connection: Connection, request: AcceptedRequest): ConnectionEvents;
  /**
   * Right after the 101 of a client that is to show its token in the first message. Without this, `message` cannot be among
   * the `carriers`: an acceptor alone does not read messages; a gate does.
   */
  unauthenticated?(connection: UnauthenticatedConnection, request: AcceptedRequest): ConnectionEvents;
  /** Told of each decision, with the reason that the peer is not told; by default nobody is. What it throws is reported. */
  decided?(decision: Decision): void;
  /**
   * Who watches: told of each request, decision, frame, authorization and change of a lease, for a page that shows a gate at work, or to
   * find a fault. By default nobody, and nothing is paid for it.
   */
  readonly trace?: TraceOptions;
  /** @internal The tracer of the gate, in place of one of `trace`. */
  readonly tracer?: Tracer | undefined;
  /** @internal Counts. */
  readonly meter?: DoorMeter;
  /**
   * Gets what the application's own functions threw, `handler_timeout` for a handler that took too long, and `async_validator` for a
   * validator that answered with a promise; by default it is written to standard error.
   */
  reportError?(error: unknown): void;
}
