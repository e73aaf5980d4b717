/**
 * Tokens that say when they were made, as those of an issuer do: what is revoked or changed depends on it.
 *
 * @module
 */

import type { HmacKey } from "../../src/auth/key.ts";
import { signToken } from "../../src/auth/token.ts";
import { AUDIENCE, TEST_KEY } from "./server.ts";

/** What differs from a token of `ada`, a member, for a minute from now. */
export interface MintedClaims {
  readonly sub?: string;
  readonly roles?: readonly string[];
  /** From now to `exp`. */
  readonly lifetimeMs?: number;
  /** From now to `iat`; `undefined` leaves the claim out. */
  readonly issuedInMs?: number | undefined;
  readonly jti?: string;
  readonly aud?: string;
  readonly key?: HmacKey;
}

/**
 * Makes a token.
 *
 * @param clock Tells what "now" is.
 * @param claims What differs.
 */
export function mint(clock: { now(): number }, claims: MintedClaims = {}): string {
  const { sub = "ada", roles = ["member"], lifetimeMs = 60_000, jti, aud = AUDIENCE, key = TEST_KEY } =
    claims;
  const issuedInMs = "issuedInMs" in claims ? claims.issuedInMs : 0;
  const nowMs = clock.now();
  return signToken({
    sub,
    aud,
    roles,
    exp: (nowMs + lifetimeMs) / 1000,
    ...(issuedInMs === undefined ? {} : { iat: (nowMs + issuedInMs) / 1000 }),
    ...(jti === undefined ? {} : { jti }),
  }, key);
}

/** Puts a token where most clients do. */
export function bearer(token: string): { readonly Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}
