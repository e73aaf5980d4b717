/**
 * Tokens for clients under load.
 *
 * @module
 */

import { type HmacKey, hmacKey } from "../../src/auth/key.ts";
import { signToken } from "../../src/auth/token.ts";

/** Of the server under load. */
export const SOAK_AUDIENCE = "soak";
/** The same in all processes. */
export const SOAK_KEY: HmacKey = hmacKey("a secret of at least 32 bytes, for servers under load");

const LIFETIME_SECONDS = 3_600;

/** Makes a token. */
export function soakToken(subject: string, role: "guest" | "member" = "member"): string {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const claims = {
    sub: subject,
    aud: SOAK_AUDIENCE,
    iat: nowSeconds,
    exp: nowSeconds + LIFETIME_SECONDS,
    roles: [role],
  };
  return signToken(claims, SOAK_KEY);
}
