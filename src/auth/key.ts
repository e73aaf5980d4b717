/**
 * HMAC keys (RFC 7518 §3.2). The key names its algorithm; a token's header is only ever checked against it. A header that
 * may choose could choose `none`, or have a public RSA key taken for an HMAC secret.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createPublicKey, X509Certificate } from "node:crypto";
import { asBuffer } from "../base/bytes.ts";
import { PortcullisError } from "../base/errors.ts";
import { type Mac, prepareMac } from "./hmac.ts";

/** The algorithms, each a row: the hash behind it and the length of its output, which is the least a key may have. */
export const ALGORITHMS = {
  HS256: { hash: "sha256", blockBytes: 64, macBytes: 32 },
  HS384: { hash: "sha384", blockBytes: 128, macBytes: 48 },
  HS512: { hash: "sha512", blockBytes: 128, macBytes: 64 },
} as const;

/** The name of one HMAC algorithm, as it stands in a token's header. */
export type Algorithm = keyof typeof ALGORITHMS;

/** A key that signs and verifies tokens. Its bytes appear in no log and no JSON. */
export interface HmacKey {
  /** The one algorithm that this key is for. */
  readonly algorithm: Algorithm;
  /** What a token's `kid` must say to be verified with this key; without an id, the token must have no `kid`. */
  readonly id: string | undefined;
  /** @internal Computes the code of a text. The bytes of the key are nowhere but in here. */
  readonly mac: Mac;
}

/** The longest `kid` that is looked up, in characters; the text comes from whoever sends the token. */
export const MAX_KEY_ID_LENGTH = 128;

/**
 * Makes a key out of secret bytes.
 *
 * @param secret The bytes, or text taken as UTF-8; at least as long as the algorithm's hash (32, 48 or 64 bytes).
 * @param options `algorithm`, by default `HS256`, and `id`, the key's `kid`, of 1 to 128 characters.
 * @returns The key.
 * @throws {PortcullisError} `weak_key` when the secret is too short or is a key of another kind: the text of one (PEM, JWK,
 * SSH), or a public key or certificate in DER or in base64, as some identity providers show theirs. What is public elsewhere
 * must never verify a token. A bare modulus, or any other part of a public key alone, cannot be told from random bytes, and is
 * taken. `invalid_argument` for an unknown algorithm or an id out of bounds.
 *
 * @example
 * ```ts
 * import { hmacKey } from "portcullis";
 * import { randomBytes } from "node:crypto";
 *
 * const key = hmacKey(randomBytes(32), { id: "2026-11" });
 * ```
 */
export function hmacKey(
  secret: string | Uint8Array,
  options: { readonly algorithm?: Algorithm; readonly id?: string } = {},
): HmacKey {
  const algorithm = options.algorithm ?? "HS256";
  if (!Object.hasOwn(ALGORITHMS, algorithm)) {
    throw new PortcullisError(
      "invalid_argument",
      `Unknown algorithm; known: ${Object.keys(ALGORITHMS).join(", ")}.`,
    );
  }
  const { id } = options;
  if (id !== undefined && (id.length === 0 || id.length > MAX_KEY_ID_LENGTH)) {
    throw new PortcullisError(
      "invalid_argument",
      `Key id has ${id.length} characters; 1 to ${MAX_KEY_ID_LENGTH} fit.`,
    );
  }
  const bytes = typeof secret === "string" ? Buffer.from(secret, "utf8") : asBuffer(secret);
  checkSecret(bytes, algorithm);
  const { hash, blockBytes, macBytes } = ALGORITHMS[algorithm];
  return Object.freeze({ algorithm, id, mac: prepareMac(hash, blockBytes, macBytes, bytes) });
}

function checkSecret(bytes: Buffer, algorithm: Algorithm): void {
  const { macBytes } = ALGORITHMS[algorithm];
  if (bytes.length < macBytes) {
    throw new PortcullisError(
      "weak_key",
      `Key has ${bytes.length} bytes; ${algorithm} takes at least ${macBytes}.`,
    );
  }
  if (isKeyText(bytes.toString("latin1"))) {
    throw new PortcullisError(
      "weak_key",
      "Key is the text of a PEM or JWK key; an HMAC key is random bytes.",
    );
  }
  if (isPublic(bytes) || inBase64(bytes.toString("latin1")).some(isPublic)) {
    throw new PortcullisError(
      "weak_key",
      "Key is a public key or a certificate, in DER or in base64; an HMAC key is random bytes.",
    );
  }
}

/** Looked for anywhere: a byte order mark, a list of keys or a line of explanation may stand in front. */
function isKeyText(text: string): boolean {
  return /---- ?BEGIN |"kty"|\b(?:ssh|ecdsa)-[a-z0-9@.-]+ AAAA/.test(text);
}

/**
 * What DER may stand in a text, in base64 or base64url and perhaps in lines, as between those of a PEM: its first byte makes its first two
 * letters. Most secrets have no such place.
 */
function inBase64(text: string): Buffer[] {
  const places = text.match(/(?<![A-Za-z0-9+/])M[A-P][\w+/\s-]+/g) ?? [];
  return places.map((place) => Buffer.from(place, "base64"));
}

/** What DER begins with, of a key and of a certificate (X.690 §8.9). */
const SEQUENCE = 0x30;

/** Whether bytes are a public key (SPKI, RFC 5280 §4.1; PKCS #1, RFC 8017 §A.1.1) or a certificate, in DER. */
function isPublic(bytes: Buffer): boolean {
  // Random bytes end here, but for one key in 256.
  if (bytes[0] !== SEQUENCE) return false;
  const key = firstElement(bytes);
  return isRead(() => createPublicKey({ key, format: "der", type: "spki" })) ||
    isRead(() => createPublicKey({ key, format: "der", type: "pkcs1" })) ||
    isRead(() => new X509Certificate(key));
}

/** Without what may stand behind it, as the end of a line: with that, not every runtime reads a key. Its length is in front (X.690 §8.1.3). */
function firstElement(bytes: Buffer): Buffer {
  const [, size = 0, high = 0, low = 0] = bytes;
  if (size < 0x80) return bytes.subarray(0, 2 + size);
  if (size === 0x81) return bytes.subarray(0, 3 + high);
  return size === 0x82 ? bytes.subarray(0, 4 + high * 256 + low) : bytes;
}

function isRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false; // It is none of these: the parsers have no other way to say so.
  }
}
