/**
 * A token for each reason for which one is refused, made without the library: it would sign none of them.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { SmallGate } from "./gate_small.ts";
import { AUDIENCE } from "./server.ts";
import { jws } from "./tokens.ts";

/** The bytes of `TEST_KEY`. */
export const SECRET: Buffer = Buffer.alloc(32, "test");
/** The issuer of all these tokens. */
export const ISSUER = "tests";

type Change = Readonly<Record<string, unknown>>;

/** A token that is good, but for what a test changes. */
export function tokenWith({ clock }: SmallGate, claims: Change = {}, header: Change = {}): string {
  const now = clock.now() / 1000;
  const payload = {
    sub: "ada",
    aud: AUDIENCE,
    iss: ISSUER,
    iat: now,
    exp: now + 60,
    roles: ["member"],
    ...claims,
  };
  return jws({ header: { alg: "HS256", ...header }, payload, secret: SECRET });
}

/** Each reason for which a token is refused, whatever carries it; for a gate with `maxTokenBytes` 1000 and tokens of a day. */
export const BAD_TOKENS: Readonly<Record<string, (target: SmallGate) => string>> = {
  too_long: (target) => tokenWith(target, { pad: "x".repeat(800) }),
  malformed: () => "a.b.c",
  unknown_key: (target) => tokenWith(target, {}, { kid: "../../etc/passwd" }),
  algorithm: (target) => tokenWith(target, {}, { alg: "none" }),
  signature: (target) => `${tokenWith(target).slice(0, -4)}AAAA`,
  claims: (target) => tokenWith(target, { exp: "never" }),
  expired: (target) => tokenWith(target, { exp: target.clock.now() / 1000 }),
  lifetime: (target) => tokenWith(target, { exp: target.clock.now() / 1000 + 90_000 }),
  not_yet_valid: (target) => tokenWith(target, { nbf: target.clock.now() / 1000 + 1 }),
  audience: (target) => tokenWith(target, { aud: "others" }),
  issuer: (target) => tokenWith(target, { iss: "others" }),
  revoked: (target) => (target.gate.revoke({ subject: "ada" }), tokenWith(target)),
  not_approved: (target) => tokenWith(target, { sub: "banned" }),
  sessions_of_subject: (target) => tokenWith(target, { sub: "full" }),
};
