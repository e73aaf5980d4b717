/**
 * Where a request carries its credential. Exactly one place: with two, a proxy and a server may each believe another.
 *
 * @module
 */

import { decodeBase64url, encodeBase64url } from "../base/bytes.ts";
import { PortcullisError } from "../base/errors.ts";
import { fault, ok, type Result } from "../base/result.ts";

/**
 * The places that a credential may be in.
 *
 * - `authorization`: the `Authorization` field, with the scheme `Bearer`. Clients that can set header fields.
 * - `subprotocol`: an entry of `Sec-WebSocket-Protocol`. Pages, which cannot.
 * - `cookie`: a cookie with a `__Host-` name, and only together with an allowed Origin. Pages of the same site.
 * - `ticket`: the query parameter `ticket`, good once and for seconds. Pages and tools that can only give a URL.
 * - `message`: the first message on the open connection. Clients that can do nothing else.
 */
export const CARRIERS = ["authorization", "subprotocol", "cookie", "ticket", "message"] as const;

/** The name of one place; see {@link CARRIERS}. */
export type Carrier = (typeof CARRIERS)[number];

/** The fields of a request: name in lower case → values. */
export type FieldValues = ReadonlyMap<string, readonly string[]>;

/** The part of a request in which a credential can be. */
export interface CredentialSource {
  /** All fields of the request. */
  readonly fields: FieldValues;
  /** The subprotocols that the client offers. */
  readonly subprotocols: readonly string[];
  /** What stood behind the `?` of the request target. */
  readonly query: string;
}

/** A token or ticket, and where it was found. */
export interface Credential {
  readonly carrier: Carrier;
  /** As it was sent: unverified, and a secret. */
  readonly secret: string;
}

/** The subprotocol of the envelope; the one that is ever echoed. */
export const SUBPROTOCOL = "portcullis.v1";

/** A page cannot set a header on a WebSocket, but it can name subprotocols; this one's name is the token. */
export const BEARER_SUBPROTOCOL_PREFIX = "base64url.bearer.authorization.portcullis.";

/** The name of the cookie that carries a token, when nothing else is said. */
export const DEFAULT_COOKIE_NAME = "__Host-portcullis";

/** The query parameter that carries a ticket. */
export const TICKET_PARAMETER = "ticket";

/**
 * Finds the credential of a request.
 *
 * @param source The request.
 * @param carriers Where to look.
 * @param cookieName The cookie's name.
 * @returns The credential; `undefined` when there is none; the fault `two_carriers` when there is more than one.
 */
export function findCredential(
  source: CredentialSource,
  carriers: readonly Carrier[],
  cookieName: string = DEFAULT_COOKIE_NAME,
): Result<Credential | undefined, "two_carriers"> {
  // #region exactly_one
  const found: Credential[] = [];
  let count = 0;
  for (const carrier of carriers) {
    for (const secret of SECRETS_IN[carrier](source, cookieName)) {
      count++;
      // Another scheme than ours is no credential here, but counts: somebody else may believe it.
      if (secret !== undefined) found.push({ carrier, secret });
    }
  }
  return count > 1 ? fault("two_carriers") : ok(found[0]);
  // #endregion
}

/** What each place holds: nothing, a secret, or several. */
const SECRETS_IN: Readonly<
  Record<Carrier, (source: CredentialSource, cookieName: string) => readonly (string | undefined)[]>
> = {
  authorization: ({ fields }) => (fields.get("authorization") ?? []).map(bearerTokenOf),
  subprotocol: ({ subprotocols }) => subprotocols.filter(isBearerSubprotocol).map(tokenOf),
  cookie: ({ fields }, cookieName) => cookiesNamed(cookieName, fields.get("cookie") ?? []),
  ticket: ({ query }) => valuesOf(query, "&", TICKET_PARAMETER),
  message: () => [],
};

/**
 * Tells whether an offered subprotocol is a token in disguise, which must never be echoed or logged.
 *
 * @param name A subprotocol as the client offers it.
 */
export function isBearerSubprotocol(name: string): boolean {
  return name.startsWith(BEARER_SUBPROTOCOL_PREFIX);
}

/**
 * Lists the subprotocols with which a page passes the gate.
 *
 * @param token The token.
 * @returns What to give to `new WebSocket(url, …)`.
 *
 * @example
 * ```ts
 * import { bearerSubprotocols } from "portcullis";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(bearerSubprotocols("a.b.c")[0], "portcullis.v1");
 * ```
 */
export function bearerSubprotocols(token: string): [string, string] {
  return [SUBPROTOCOL, BEARER_SUBPROTOCOL_PREFIX + encodeBase64url(token)];
}

/**
 * Checks the name of the cookie, once, when a server is set up.
 *
 * @param name Must begin with `__Host-`: a browser takes such a cookie only from this very host, over a secure connection and
 * for all paths, so that no neighbouring subdomain can plant one here (RFC 6265bis §4.1.3.2).
 * @throws {PortcullisError} `invalid_argument` for any other name.
 */
export function checkCookieName(name: string): void {
  if (/^__Host-[A-Za-z0-9_-]{1,64}$/.test(name)) return;
  throw new PortcullisError(
    "invalid_argument",
    'The name of the cookie must be "__Host-" and 1 to 64 letters, digits, "_" or "-".',
  );
}

/** The token inside an entry; of an entry that is not base64url an empty one, which is no valid token. */
function tokenOf(entry: string): string {
  return decodeBase64url(entry.slice(BEARER_SUBPROTOCOL_PREFIX.length))?.toString("latin1") ?? "";
}

/** RFC 6750 §2.1; the scheme's name is case-insensitive (RFC 9110 §11.1). Another scheme is no credential here. */
function bearerTokenOf(authorization: string): string | undefined {
  const space = authorization.indexOf(" ");
  const scheme = space < 0 ? authorization : authorization.slice(0, space);
  if (scheme.toLowerCase() !== "bearer") return undefined;
  // "1*SP": `trim` would also take what only looks like a space.
  return space < 0 ? "" : authorization.slice(space).replace(/^ +/, "");
}

/** RFC 6265 §4.2.1: pairs between "; ". Names are case-sensitive, and a name may stand twice: then neither is believed. */
function cookiesNamed(name: string, fields: readonly string[]): string[] {
  return fields.flatMap((field) => valuesOf(field, ";", name));
}

/** The values of a name in a list of pairs; what stands around a pair is not part of it. */
function valuesOf(list: string, separator: string, name: string): string[] {
  const values: string[] = [];
  for (const pair of list.split(separator)) {
    const sign = pair.indexOf("=");
    if (sign >= 0 && withoutBlanks(pair.slice(0, sign)) === name) {
      values.push(withoutBlanks(pair.slice(sign + 1)));
    }
  }
  return values;
}

/**
 * RFC 6265bis §5.6: spaces and tabs, which a browser takes off before it looks for the prefix. `trim` would also take a
 * no-break space: to a browser such a name has no prefix, so that a neighbouring subdomain may set it.
 */
function withoutBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
