/**
 * A verifier of tokens by the letter of RFC 7519: the header says how, and it is done so.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHmac, createVerify } from "node:crypto";
import type { User } from "./users.ts";

type Check = (signed: string, signature: Buffer, key: string) => boolean;

/** By the `alg` of the header; RFC 7518 §3.1 has them all. */
const CHECKS: Record<string, Check> = {
  none: () => true,
  HS256: (signed, signature, key) => createHmac("sha256", key).update(signed).digest().equals(signature),
  RS256: (signed, signature, key) => createVerify("sha256").update(signed).verify(key, signature),
};

/** Verifies a token. @param revoked Tokens that are good no longer. */
export function verifyJwt(token: string, key: string, revoked: Set<string> = new Set()): User | undefined {
  if (revoked.has(token)) return undefined;
  const [header = "", payload = "", signature = ""] = token.split(".");
  const { alg } = JSON.parse(Buffer.from(header, "base64url").toString());
  const check = CHECKS[alg];
  if (!check?.(`${header}.${payload}`, Buffer.from(signature, "base64url"), key)) return undefined;
  const { sub, role, exp } = JSON.parse(Buffer.from(payload, "base64url").toString());
  return exp * 1000 > Date.now() ? { name: sub, role } : undefined;
}
