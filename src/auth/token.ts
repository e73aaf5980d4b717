/**
 * Signed tokens: JWS compact serialization (RFC 7515 §3.1) with HMAC SHA-2, carrying JWT claims (RFC 7519), by the
 * advice of RFC 8725.
 *
 * The order matters: whoever judges claims before the signature tells a forger which of his guesses were right.
 *
 * @module
 */

import { type Buffer, isUtf8 } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { decodeBase64url, encodeBase64url } from "../base/bytes.ts";
import { PortcullisError } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { fault, type Result } from "../base/result.ts";
import {
  checkClaims,
  type Claims,
  type ClaimsFault,
  type ClaimsPolicy,
  type Identity,
  readClaims,
} from "./claims.ts";
import { ALGORITHMS, type HmacKey, MAX_KEY_ID_LENGTH } from "./key.ts";

/** What a verifier accepts. */
export interface TokenPolicy extends ClaimsPolicy {
  /** The keys that may have signed; a token says by its `kid` which one, and none other is tried. */
  readonly keys: readonly HmacKey[];
  /** Longer tokens are refused unread; by default the limit `maxTokenBytes`. */
  readonly maxTokenBytes?: number | undefined;
}

/** Why a token is refused. For the log: a peer only ever hears "invalid token". */
export type TokenFault = "too_long" | "malformed" | "algorithm" | "unknown_key" | "signature" | ClaimsFault;

/**
 * Signs claims.
 *
 * @param claims At least `sub`, `aud` and `exp`.
 * @param key Fixes the algorithm, and the `kid` when it has an id.
 * @returns The token.
 * @throws {PortcullisError} `invalid_argument` when a claim is missing, not of its type or out of bounds.
 *
 * @example
 * ```ts
 * import { hmacKey, signToken, verifyToken } from "portcullis";
 * import { randomBytes } from "node:crypto";
 * import { strictEqual } from "node:assert";
 *
 * const key = hmacKey(randomBytes(32));
 * const now = Date.now();
 * const token = signToken({ sub: "ada", aud: "chat", exp: now / 1000 + 60, roles: ["admin"] }, key);
 * const verified = verifyToken(token, { keys: [key], audience: "chat" }, now);
 * strictEqual(verified.ok && verified.value.subject, "ada");
 * ```
 */
export function signToken(claims: Claims & Readonly<Record<string, unknown>>, key: HmacKey): string {
  const { aud } = claims;
  // What verifyToken would refuse is refused here: an `exp` in milliseconds is noticed when it is written.
  if (readClaims(claims) === undefined || (typeof aud === "string" ? aud : aud?.[0] ?? "") === "") {
    throw new PortcullisError(
      "invalid_argument",
      "A token needs sub (1 to 256 characters), aud and exp (in seconds); nbf, iat, jti and roles of their types.",
    );
  }
  const header = { alg: key.algorithm, typ: "JWT", ...(key.id === undefined ? {} : { kid: key.id }) };
  const signed = `${encodeBase64url(JSON.stringify(header))}.${encodeBase64url(JSON.stringify(claims))}`;
  return `${signed}.${macOf(signed, key).toString("base64url")}`;
}

/**
 * Verifies a token: length, form, header, signature, and only then the claims.
 *
 * @param token Whatever the peer sent.
 * @param policy What is accepted.
 * @param nowMs The time, in milliseconds since the Unix epoch.
 * @returns Who the token says its bearer is, or why it is refused. Nothing in a token can make this throw.
 */
export function verifyToken(token: string, policy: TokenPolicy, nowMs: number): Result<Identity, TokenFault> {
  // 1. The length, before any work is spent on it. Everything valid is ASCII, so characters are bytes.
  if (!(token.length <= (policy.maxTokenBytes ?? LIMITS.maxTokenBytes.default))) return fault("too_long");
  // 2. Three segments.
  const first = token.indexOf(".");
  const last = token.lastIndexOf(".");
  if (first <= 0 || last === first || token.indexOf(".", first + 1) !== last) return fault("malformed");
  // 3. The header, which picks a key and must agree with it.
  const header = parseJsonSegment(token.slice(0, first));
  const key = selectKey(header, policy.keys);
  if (typeof key === "string") return fault(key);
  // 4. The signature.
  const signature = decodeBase64url(token.slice(last + 1));
  if (signature === undefined) return fault("malformed");
  const expected = macOf(token.slice(0, last), key);
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    return fault("signature");
  }
  // 5. The claims, which nobody but the holder of the key can have written.
  const payload = parseJsonSegment(token.slice(first + 1, last));
  return payload === undefined ? fault("malformed") : checkClaims(payload.value, policy, nowMs);
}

/** Header parameters that would make a token bring its own key, ask for processing that is not done here, or encrypt. */
const REFUSED_PARAMETERS = ["crit", "jwk", "jku", "x5u", "x5c", "b64", "zip", "enc"];

/** RFC 7519 §5.1 and RFC 9068 §2.1; other types of token are for other purposes (RFC 8725 §3.11). */
const TYPES = new Set(["jwt", "at+jwt", "application/jwt", "application/at+jwt"]);

/** RFC 8725 §3.1: the algorithm is the key's. The header is not asked for it, only held against it. */
function selectKey(header: { value: unknown } | undefined, keys: readonly HmacKey[]): HmacKey | TokenFault {
  const fields = header?.value;
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return "malformed";
  if (REFUSED_PARAMETERS.some((name) => Object.hasOwn(fields, name))) return "malformed";
  const { alg, typ, kid } = Object.assign(Object.create(null), fields) as Record<
    "alg" | "typ" | "kid",
    unknown
  >;
  if (typ !== undefined && (typeof typ !== "string" || !TYPES.has(typ.toLowerCase()))) return "malformed";
  if (kid !== undefined && (typeof kid !== "string" || kid.length > MAX_KEY_ID_LENGTH)) return "unknown_key";
  const key = keys.find((candidate) => candidate.id === kid);
  if (key === undefined) return "unknown_key";
  return alg === key.algorithm ? key : "algorithm";
}

/** The parsed segment, boxed so that JSON's `null` is not taken for a failure. */
function parseJsonSegment(segment: string): { value: unknown } | undefined {
  const bytes = decodeBase64url(segment);
  if (bytes === undefined || !isUtf8(bytes)) return undefined;
  try {
    return { value: JSON.parse(bytes.toString("utf8")) as unknown };
  } catch {
    return undefined; // Not JSON: the peer's fault, and JSON.parse has no other way to say so.
  }
}

function macOf(signed: string, key: HmacKey): Buffer {
  return createHmac(ALGORITHMS[key.algorithm].hash, key.secret).update(signed, "latin1").digest();
}
