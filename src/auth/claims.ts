/**
 * The claims of a token (RFC 7519 §4), judged only after its signature.
 *
 * @module
 */

import { LIMITS } from "../base/limits.ts";
import { fault, ok, type Result } from "../base/result.ts";

/** The claims that are understood here; a token may carry others. */
export interface Claims {
  /** Whom the token is about, 1 to 256 characters. */
  readonly sub: string;
  /** Whom the token is for, one name or several. */
  readonly aud: string | readonly string[];
  /** When it ends, in seconds since the Unix epoch. */
  readonly exp: number;
  /** When it begins, in seconds since the Unix epoch. */
  readonly nbf?: number;
  /** When it was made, in seconds since the Unix epoch. */
  readonly iat?: number;
  /** Who made it. */
  readonly iss?: string;
  /** The token's own name. */
  readonly jti?: string;
  /** What its subject may do, in the words of the permission table. */
  readonly roles?: readonly string[];
}

/** Who a valid token says somebody is. */
export interface Identity {
  /** The claim `sub`. */
  readonly subject: string;
  /** The claim `roles`, empty when there is none. */
  readonly roles: readonly string[];
  /**
   * When the identity ends, in milliseconds since the Unix epoch: the claim `exp` and the leeway on top; behind a door also the
   * end of the key that signed, if that is sooner.
   */
  readonly expiresAtMs: number;
  /** When the token itself ends, where that is later than the end of its key: the key may be put back, and the token with it. */
  readonly tokenEndsAtMs?: number;
  /** The claim `jti`. */
  readonly tokenId: string | undefined;
  /** The claim `iat`, in milliseconds since the Unix epoch. A token without one counts as issued before anything else. */
  readonly issuedAtMs: number | undefined;
  /** The id of the key that signed. */
  readonly keyId: string | undefined;
}

/** What a verifier asks of the claims. */
export interface ClaimsPolicy {
  /** Whom a token must be for: its `aud`, or one of several. */
  readonly audience: string;
  /** When given, must be the `iss`; by default any is good, and none. */
  readonly issuer?: string | undefined;
  /** How far the clocks of two machines may differ, in seconds; 0 unless said otherwise. */
  readonly leewaySeconds?: number | undefined;
  /** How long a token may live from its `iat` on, or from now without one, in milliseconds; by default the limit `maxTokenLifetimeMs`. */
  readonly maxTokenLifetimeMs?: number | undefined;
}

/** Why claims are refused. For the log: a peer only ever hears "invalid token". */
export type ClaimsFault = "claims" | "expired" | "lifetime" | "not_yet_valid" | "audience" | "issuer";

/** The longest subject, in characters; it becomes a key of the registry and a field of the audit log. */
export const MAX_SUBJECT_LENGTH = 256;

/** The longest name of a token, in characters; it becomes a key of the list of what is revoked. */
export const MAX_TOKEN_ID_LENGTH = 256;

/** The most roles one token may name. */
export const MAX_ROLES = 64;

/** The last second of the year 9999. A later date is not meant as one; `1e400` even parses to Infinity. */
const MAX_NUMERIC_DATE = 253_402_300_799;

/** A moment before this one was meant in seconds: in milliseconds it lies before any token (1973). */
export const FIRST_MOMENT_MS = 100_000_000_000;

/** A moment after this one was meant in microseconds, or is none (the year 9999). */
export const LAST_MOMENT_MS: number = MAX_NUMERIC_DATE * 1000;

/** Claims that are of their types and within their bounds; for whom they are and whether they hold, is not judged yet. */
export interface ReadClaims {
  readonly sub: string;
  readonly aud: unknown;
  readonly exp: number;
  readonly nbf: number | undefined;
  readonly iat: number | undefined;
  readonly iss: unknown;
  readonly jti: string | undefined;
  readonly roles: readonly string[];
}

/**
 * Reads the payload of a token.
 *
 * @param payload Anything that JSON can be.
 * @returns The claims, or `undefined` when one that must be there is not, or one is not of its type.
 */
export function readClaims(payload: unknown): ReadClaims | undefined {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return undefined;
  // Stricter than RFC 7519 §4, which has unknown claims ignored: because this one is nobody's claim. It is there for
  // programs that copy what they have parsed, where it becomes the prototype of the copy, and brings claims of its own.
  if (Object.hasOwn(payload, "__proto__")) return undefined;
  const [sub, aud, exp] = [own(payload, "sub"), own(payload, "aud"), own(payload, "exp")];
  const [nbf, iat, iss] = [own(payload, "nbf"), own(payload, "iat"), own(payload, "iss")];
  const [jti, roles = []] = [own(payload, "jti"), own(payload, "roles")];
  if (typeof sub !== "string" || sub.length === 0 || sub.length > MAX_SUBJECT_LENGTH) return undefined;
  if (!isNumericDate(exp) || !isOptionalDate(nbf) || !isOptionalDate(iat)) return undefined;
  if (!isRoles(roles) || !isTokenId(jti)) return undefined;
  return { sub, aud, exp, nbf, iat, iss, jti, roles };
}

/**
 * Judges the claims of a token whose signature is good.
 *
 * @param payload The parsed payload, anything that JSON can be.
 * @param policy What is asked.
 * @param keyId The id of the key that signed.
 * @param nowMs The time, in milliseconds since the Unix epoch.
 * @returns The identity, or the first reason against it.
 */
export function checkClaims(
  payload: unknown,
  policy: ClaimsPolicy,
  keyId: string | undefined,
  nowMs: number,
): Result<Identity, ClaimsFault> {
  const claims = readClaims(payload);
  if (claims === undefined) return fault("claims");
  const { sub, aud, exp, nbf, iat, iss, jti, roles } = claims;
  const leeway = policy.leewaySeconds ?? 0;
  const now = nowMs / 1000;
  // #region judge_times
  // The same number ends the session: a leeway that only the door knew would let in who is out the moment after.
  const expiresAtMs = (exp + leeway) * 1000;
  // RFC 7519 §4.1.4: "on or after which the JWT MUST NOT be accepted". Asked for the good case, which NaN never is.
  if (!(expiresAtMs > nowMs)) return fault("expired");
  // From its making on, so that a token that is too long-lived today is not good tomorrow, when it has less left.
  const bornAtMs = iat === undefined ? nowMs : iat * 1000;
  if (expiresAtMs - bornAtMs > (policy.maxTokenLifetimeMs ?? LIMITS.maxTokenLifetimeMs.default)) {
    return fault("lifetime");
  }
  if (nbf !== undefined && nbf - leeway > now) return fault("not_yet_valid");
  // Stricter than §4.1.6: because a token from the future was made by a wrong clock or a forger. A clock that rounds to
  // whole seconds may be one ahead.
  if (iat !== undefined && iat - leeway > Math.ceil(now)) return fault("not_yet_valid");
  // #endregion
  if (!isAudience(aud, policy.audience)) return fault("audience");
  if (policy.issuer !== undefined && iss !== policy.issuer) return fault("issuer");
  const issuedAtMs = iat === undefined ? undefined : iat * 1000;
  return ok({ subject: sub, roles, expiresAtMs, tokenId: jti, issuedAtMs, keyId });
}

function isNumericDate(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= MAX_NUMERIC_DATE;
}

function isOptionalDate(value: unknown): value is number | undefined {
  return value === undefined || isNumericDate(value);
}

function isTokenId(value: unknown): value is string | undefined {
  return value === undefined ||
    (typeof value === "string" && value !== "" && value.length <= MAX_TOKEN_ID_LENGTH);
}

function isRoles(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= MAX_ROLES && value.every((role) => typeof role === "string");
}

/** By equality or membership; a substring of an audience is somebody else. */
function isAudience(aud: unknown, wanted: string): boolean {
  // An audience that was never configured is undefined in JavaScript, as is the `aud` of a token without one.
  if (typeof aud === "string") return aud === wanted;
  return Array.isArray(aud) && aud.every((name) => typeof name === "string") && aud.includes(wanted);
}

/** @returns A field; `undefined` when it is absent, whatever `Object.prototype` has been made to hold. */
export function own(fields: object, name: string): unknown {
  return Object.hasOwn(fields, name) ? (fields as Readonly<Record<string, unknown>>)[name] : undefined;
}
