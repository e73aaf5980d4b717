/**
 * The options of a client, checked and filled up: what is wrong with them is said when the client is made, and not when
 * it first has to connect.
 *
 * @module
 */

import type { Clock } from "../base/clock.ts";
import { PortcullisError } from "../base/errors.ts";
import type { Presentation } from "./carrier.ts";
import { type ClientLimits, resolveClientLimits } from "./client_limits.ts";
import type { ClientOptions } from "./client_options.ts";
import { HttpDoor } from "./http_door.ts";
import { pageClock } from "./page_clock.ts";
import { GuardedTap } from "./tap.ts";
import { TokenSource } from "./token_source.ts";
import type { Transport } from "./transport.ts";

/** What all parts of a client work with. */
export interface ClientSettings {
  readonly url: URL;
  readonly presentation: Presentation;
  readonly checkUrl: URL | undefined;
  readonly transport: Transport;
  readonly tokens: TokenSource;
  readonly door: HttpDoor;
  readonly limits: ClientLimits;
  readonly clock: Clock;
  readonly random: () => number;
  readonly tap: GuardedTap;
  readonly reportError: (error: unknown) => void;
}

/**
 * Checks the options of a client.
 *
 * @param options Of the caller.
 * @param defaultTransport What connects when they do not say.
 * @returns What the client works with.
 * @throws {PortcullisError} `invalid_argument` for a URL, carrier or limit that cannot be used.
 */
export function settingsOf(options: ClientOptions, defaultTransport: Transport): ClientSettings {
  const { clock = pageClock, transport = defaultTransport, random = Math.random } = options;
  const limits = resolveClientLimits(options.limits);
  const url = socketUrl(options.url);
  const reportError = (error: unknown) =>
    options.reportError === undefined ? console.error(error) : options.reportError(error);
  // Called on the options and on the global object, as they were given: either may need its `this`.
  if (typeof options.getToken !== "function") {
    throw new PortcullisError(
      "invalid_argument",
      "There is no getToken, so that there would never be a token to show.",
    );
  }
  const getToken: ClientOptions["getToken"] = (request) => options.getToken(request);
  const tokens = new TokenSource({ getToken, clock, limits });
  const fetch: typeof globalThis.fetch = (...args) => (options.fetch ?? globalThis.fetch)(...args);
  return {
    url,
    presentation: presentationOf(options, transport, url),
    checkUrl: options.checkUrl === undefined ? undefined : httpUrl("checkUrl", options.checkUrl, url),
    transport,
    tokens,
    door: new HttpDoor({ fetch, clock, connectTimeoutMs: limits.connectTimeoutMs }),
    limits,
    clock,
    random,
    tap: new GuardedTap(options.tap ?? {}, () => tokens.known, reportError),
    reportError,
  };
}

function presentationOf(options: ClientOptions, transport: Transport, url: URL): Presentation {
  const { carrier = transport.sendsHeaders ? "authorization" : "subprotocol", ticketUrl } = options;
  switch (carrier) {
    case "ticket":
      if (ticketUrl === undefined) return refuse('The carrier "ticket" needs a ticketUrl.');
      return { carrier, ticketUrl: httpUrl("ticketUrl", ticketUrl, url) };
    case "authorization":
      if (!transport.sendsHeaders) {
        return refuse('The carrier "authorization" needs a transport with headers.');
      }
      return { carrier };
    case "subprotocol":
    case "message":
      return { carrier };
    default:
      return refuse("The carrier is none of authorization, subprotocol, ticket and message.");
  }
}

/** Takes the URL of the WebSocket. What is wrong with it is said without repeating it: it may hold a secret. */
function socketUrl(given: string | URL): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || (url.protocol !== "ws:" && url.protocol !== "wss:")) {
    return refuse("The url is not an absolute ws: or wss: URL.");
  }
  // RFC 6455 §3: "Fragment identifiers are meaningless in the context of WebSocket URIs and MUST NOT be used".
  if (url.href.includes("#")) return refuse("The url has a fragment.");
  return withoutCredentials("url", url);
}

/** Takes a URL to which a token is sent over HTTP, which may be relative to that of the WebSocket. */
function httpUrl(name: string, given: string | URL, socket: URL): URL {
  const base = new URL(socket);
  base.protocol = socket.protocol === "wss:" ? "https:" : "http:";
  const url = URL.canParse(given, base) ? new URL(given, base) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return refuse(`The ${name} is not an http: or https: URL.`);
  }
  // The same token must not go in the clear one way when it goes encrypted the other.
  if (socket.protocol === "wss:" && url.protocol !== "https:") {
    return refuse(`The ${name} is an http: URL, and the url is a wss: one; it must be https:.`);
  }
  return withoutCredentials(name, url);
}

function withoutCredentials(name: string, url: URL): URL {
  return url.username === "" && url.password === ""
    ? url
    : refuse(`The ${name} has credentials; use a token.`);
}

function refuse(message: string): never {
  throw new PortcullisError("invalid_argument", message);
}
