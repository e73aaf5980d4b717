/**
 * Signed tokens: JWS compact serialization (RFC 7515 §3.1) with HMAC SHA-2, carrying JWT claims (RFC 7519), by the
 * advice of RFC 8725.
 *
 * The order matters: whoever judges claims before the signature tells a forger which of his guesses were right.
 *
 * @module
 */

import { Buffer, isUtf8 } from "node:buffer";
import { timingSafeEqual } from "node:crypto";
import { decodeBase64url, encodeBase64url } from "../base/bytes.ts";
import { PortcullisError } from "../base/errors.ts";
import { countMembers } from "../base/json_text.ts";
import { LIMITS } from "../base/limits.ts";
import { fault, type Result } from "../base/result.ts";
import {
  checkClaims,
  type Claims,
  type ClaimsFault,
  type ClaimsPolicy,
  type Identity,
  own,
  readClaims,
} from "./claims.ts";
import { type HmacKey, MAX_KEY_ID_LENGTH } from "./key.ts";
import { findKey, type KeySource } from "./key_ring.ts";

/** What a verifier accepts. */
export interface TokenPolicy extends ClaimsPolicy {
  /** The keys that may have signed; a token says by its `kid` which one, and none other is tried. */
  readonly keys: readonly HmacKey[] | KeySource;
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
  return `${signed}.${key.mac(signed).toString("base64url")}`;
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
  // #region verify_in_order
  // 1. The length, before any work is spent on it. Everything valid is ASCII, so characters are bytes.
  if (!(token.length <= (policy.maxTokenBytes ?? LIMITS.maxTokenBytes.default))) return fault("too_long");
  // 2. Three segments.
  const first = token.indexOf(".");
  const last = token.lastIndexOf(".");
  if (first <= 0 || last === first || token.indexOf(".", first + 1) !== last) return fault("malformed");
  // 3. Base64url, strictly. What was signed is ASCII from here on.
  const header = token.slice(0, first);
  const payload = decodeBase64url(token.slice(first + 1, last));
  const signature = decodeBase64url(token.slice(last + 1));
  if (payload === undefined || signature === undefined) return fault("malformed");
  // 4. The header, which picks a key and must agree with it.
  const parameters = verifiedHeaders.get(header) ?? readHeader(header);
  if (typeof parameters === "string") return fault(parameters);
  const key = findKey(policy.keys, parameters.kid, nowMs);
  if (key === undefined) return fault("unknown_key");
  // RFC 8725 §3.1: the algorithm is the key's. The header is not asked for it, only held against it.
  if (parameters.alg !== key.algorithm) return fault("algorithm");
  // 5. The signature.
  const expected = key.mac(token.slice(0, last));
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    return fault("signature");
  }
  remember(header, parameters);
  // 6. The claims, which nobody but the holder of the key can have written.
  const claims = parseJson(payload);
  return claims === undefined ? fault("malformed") : checkClaims(claims.value, policy, key.id, nowMs);
  // #endregion
}

/** What a header says, once it is found to ask for nothing that is not done here. */
interface HeaderParameters {
  readonly alg: unknown;
  readonly kid: string | undefined;
}

/**
 * Headers that have been read before. An issuer writes the same one into all of its tokens, and reading it takes a fifth of
 * a verification. In here stands what a text says, which never changes; which key that means, and whether it is still
 * good, is asked for each token anew. Only whoever holds a key can put one in: its signature was good.
 */
const verifiedHeaders = new Map<string, HeaderParameters>();
const MAX_VERIFIED_HEADERS = 16;
const MAX_REMEMBERED_LENGTH = 512;

function remember(header: string, parameters: HeaderParameters): void {
  if (header.length > MAX_REMEMBERED_LENGTH || verifiedHeaders.has(header)) return;
  if (verifiedHeaders.size >= MAX_VERIFIED_HEADERS) verifiedHeaders.clear();
  // A copy, because the slice of a string keeps the whole of it: a token would stay in memory.
  verifiedHeaders.set(Buffer.from(header).toString(), parameters);
}

/** Header parameters that would make a token bring its own key, ask for processing that is not done here, or encrypt. */
const REFUSED_PARAMETERS = ["crit", "jwk", "jku", "x5u", "x5c", "b64", "zip", "enc"];

/** RFC 7519 §5.1 and RFC 9068 §2.1; other types of token are for other purposes (RFC 8725 §3.11). */
const TYPES = new Set(["jwt", "at+jwt", "application/jwt", "application/at+jwt"]);

function readHeader(segment: string): HeaderParameters | TokenFault {
  const bytes = decodeBase64url(segment);
  const fields = bytes === undefined ? undefined : parseJson(bytes)?.value;
  if (!isObject(fields)) return "malformed";
  if (REFUSED_PARAMETERS.some((name) => Object.hasOwn(fields, name))) return "malformed";
  const typ = own(fields, "typ");
  if (typ !== undefined && (typeof typ !== "string" || !TYPES.has(typ.toLowerCase()))) return "malformed";
  const kid = own(fields, "kid");
  if (kid !== undefined && (typeof kid !== "string" || kid.length > MAX_KEY_ID_LENGTH)) return "unknown_key";
  return { alg: own(fields, "alg"), kid };
}

/** Reads JSON. Boxed, so that JSON's `null` is not taken for a failure. */
function parseJson(bytes: Buffer): { readonly value: unknown } | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // Not JSON: the peer's fault, and JSON.parse has no other way to say so.
  }
  // RFC 7515 §4, RFC 7519 §4: names "MUST be unique". Of two claims, another program that reads the same token may believe
  // the one that this one does not. What has been parsed no longer shows it; the text does.
  if (isObject(value) && countMembers(text) !== Object.keys(value).length) return undefined;
  return { value };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
