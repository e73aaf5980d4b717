/**
 * What a client is told, and the request that this makes.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { Clock } from "../base/clock.ts";
import { PortcullisError } from "../base/errors.ts";
import type { Limits } from "../base/limits.ts";
import { type ClientOffer, upgradeFields } from "../protocol/client_handshake.ts";
import type { DeflateChoice } from "../protocol/deflate_options.ts";
import { isFieldValue, isToken } from "../protocol/header_field.ts";
import type { ConnectionEvents } from "./connection.ts";
import type { ClientTraceOptions } from "./trace.ts";

/** How to connect. */
export interface ConnectOptions extends ConnectionEvents {
  /** Sent as `Authorization: Bearer …`. Never follows a redirect, since none is followed. */
  readonly token?: string;
  /** Further header fields; not those of the handshake itself. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The subprotocols to offer, in order of preference; by default none. */
  readonly subprotocols?: readonly string[];
  /** Whether to offer compression (RFC 7692); by default not. */
  readonly deflate?: DeflateChoice;
  /** Ends the attempt, which rejects with `aborted`; a connection that is open already stays. */
  readonly signal?: AbortSignal;
  /** For `wss:`: the certificates to trust, in PEM, instead of those of the runtime. */
  readonly ca?: string | Buffer;
  /** The limits that differ from their defaults; `handshakeTimeoutMs` is how long the attempt may take. */
  readonly limits?: Partial<Limits>;
  /** The time; by default that of the machine. */
  readonly clock?: Clock;
  /** Who watches: told of each frame, and of the end; by default nobody. */
  readonly trace?: ClientTraceOptions;
  /** Gets what a handler threw; by default it is written to standard error. */
  reportError?(error: unknown): void;
}

/** Fields that make the handshake, which a caller cannot set. */
const OWN_FIELDS =
  /^(?:host|upgrade|connection|content-length|transfer-encoding|expect|trailer|sec-websocket-.*)$/i;

/**
 * Takes the URL of a WebSocket server.
 *
 * @param url As the caller gave it.
 * @returns It, parsed.
 * @throws {PortcullisError} `invalid_argument` unless it is `ws:` or `wss:`, without a fragment or credentials.
 */
export function parseUrl(url: string | URL): URL {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (target === undefined || (target.protocol !== "ws:" && target.protocol !== "wss:")) {
    return refuseArgument("The URL is not an absolute ws: or wss: URL.");
  }
  // RFC 6455 §3: "Fragment identifiers are meaningless in the context of WebSocket URIs and MUST NOT be used".
  if (target.href.includes("#")) return refuseArgument("The URL has a fragment.");
  if (target.username !== "" || target.password !== "") {
    return refuseArgument("The URL has credentials; use a token.");
  }
  return target;
}

/**
 * Lists all fields of the request. What the caller gives is checked, so that nothing in it can end a line and begin
 * another.
 *
 * @param options Of the caller.
 * @param target Where the request goes.
 * @param key 16 random bytes in base64.
 * @param offer The subprotocols of the options, and what has been made of their `deflate`.
 * @throws {PortcullisError} `invalid_argument` for a name or value that cannot stand in a header.
 */
export function headersOf(
  options: ConnectOptions,
  target: URL,
  key: string,
  offer: ClientOffer,
): Record<string, string> {
  const { headers = {}, token } = options;
  const { subprotocols } = offer;
  if (!subprotocols.every(isToken) || new Set(subprotocols).size < subprotocols.length) {
    return refuseArgument("A subprotocol is not a token, or is named twice.");
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!isToken(name) || OWN_FIELDS.test(name)) {
      return refuseArgument("A header field has a name that cannot be set.");
    }
    if (!isFieldValue(value)) {
      return refuseArgument(`The value of header field ${name} cannot stand in a header.`);
    }
  }
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    return refuseArgument("The token is not visible ASCII.");
  }
  return {
    Host: target.host,
    ...headers,
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...Object.fromEntries(upgradeFields(key, offer)),
  };
}

function refuseArgument(message: string): never {
  throw new PortcullisError("invalid_argument", message);
}
