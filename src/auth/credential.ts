/**
 * Where a request carries its credential. Exactly one place: with two, a proxy and a server may each believe another.
 *
 * @module
 */

import { decodeBase64url, encodeBase64url } from "../base/bytes.ts";
import { fault, ok, type Result } from "../base/result.ts";

/** The places that are looked at: the `Authorization` field, or an entry of `Sec-WebSocket-Protocol`. */
export type Carrier = "authorization" | "subprotocol";

/** The part of an upgrade request in which a credential can be. */
export interface CredentialSource {
  /** All fields of the request: name in lower case → values. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** The subprotocols that the client offers. */
  readonly subprotocols: readonly string[];
}

/** A token and where it was found. */
export interface Credential {
  readonly carrier: Carrier;
  /** As it was sent: unverified, and a secret. */
  readonly token: string;
}

/** The subprotocol of the envelope; the one that is ever echoed. */
export const SUBPROTOCOL = "portcullis.v1";

/** A page cannot set a header on a WebSocket, but it can name subprotocols; this one's name is the token. */
export const BEARER_SUBPROTOCOL_PREFIX = "base64url.bearer.authorization.portcullis.";

/**
 * Finds the credential of a request.
 *
 * @param source The request.
 * @param carriers Where to look.
 * @returns The credential; `undefined` when there is none; the fault `two_carriers` when there is more than one.
 */
export function findCredential(
  source: CredentialSource,
  carriers: readonly Carrier[],
): Result<Credential | undefined, "two_carriers"> {
  const authorizations = carriers.includes("authorization") ? source.fields.get("authorization") ?? [] : [];
  const entries = carriers.includes("subprotocol") ? source.subprotocols.filter(isBearerSubprotocol) : [];
  if (authorizations.length + entries.length > 1) return fault("two_carriers");
  const [authorization] = authorizations;
  const [entry] = entries;
  if (entry !== undefined) return ok({ carrier: "subprotocol", token: tokenOf(entry) });
  const token = authorization === undefined ? undefined : bearerTokenOf(authorization);
  return ok(token === undefined ? undefined : { carrier: "authorization", token });
}

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
