/**
 * What a client is told.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import type { ClientCarrier } from "./carrier.ts";
import type { ClientLimits } from "./client_limits.ts";
import type { Tap } from "./tap.ts";
import type { TokenRequest } from "./token_source.ts";
import type { Transport } from "./transport.ts";

/** What a client is told. */
export interface ClientOptions {
  /** Where to connect: `ws:` or `wss:`, without a fragment or credentials. */
  readonly url: string | URL;
  /**
   * Gets a token. Asked once at a time, and only when there is none that is good. What it throws, or that it has not
   * answered after `tokenTimeoutMs`, counts as a failed attempt, after which it is asked again; an application whose user has logged out calls {@link Client.close} instead.
   */
  getToken(request: TokenRequest): string | PromiseLike<string>;
  /** How the token is shown; by default `authorization` where the transport can, and else `subprotocol`. */
  readonly carrier?: ClientCarrier;
  /** Where tickets are given out, for the carrier `ticket`: absolute, or relative to `url`. */
  readonly ticketUrl?: string | URL;
  /**
   * Where a `GET` with the token gets the decision that an upgrade with it would get: absolute, or relative to `url`. A page
   * that has none must take each failure to connect for a refusal of its token, and get a new one.
   */
  readonly checkUrl?: string | URL;
  /** What connects; by default what suits the entry point from which `createClient` was imported. */
  readonly transport?: Transport;
  /** The limits that differ from their defaults; see `CLIENT_LIMITS`. */
  readonly limits?: Partial<ClientLimits>;
  /** The time; by default that of the machine. */
  readonly clock?: Clock;
  /** Draws a number from 0 (included) to 1 (not included), for waits; by default `Math.random`. */
  readonly random?: () => number;
  /** Asks over HTTP; by default the `fetch` of the runtime. */
  readonly fetch?: typeof globalThis.fetch;
  /** Gets to see each text that crosses the wire, without tokens; by default nobody does. */
  readonly tap?: Tap;
  /**
   * Gets what listeners threw, `token_failed` or `token_refused` for each failure of `getToken`, and `invalid_message` for what the server
   * sent that is no message; by default `console.error`.
   */
  reportError?(error: unknown): void;
}
