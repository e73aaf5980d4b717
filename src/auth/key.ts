/**
 * HMAC keys (RFC 7518 §3.2). The key names its algorithm; a token's header is only ever checked against it. A header that
 * may choose could choose `none`, or have a public RSA key taken for an HMAC secret.
 *
 * @module
 */

import { Buffer } from "node:buffer";
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
 * @throws {PortcullisError} `weak_key` when the secret is too short or is a key of another kind (PEM, JWK): text that is
 * public elsewhere must never verify a token. `invalid_argument` for an unknown algorithm or an id out of bounds.
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
  const { hash, blockBytes, macBytes } = ALGORITHMS[algorithm];
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
  return Object.freeze({ algorithm, id, mac: prepareMac(hash, blockBytes, macBytes, bytes) });
}

/** Looked for anywhere: a byte order mark, a list of keys or a line of explanation may stand in front. */
function isKeyText(text: string): boolean {
  return /---- ?BEGIN |"kty"|\b(?:ssh|ecdsa)-[a-z0-9@.-]+ AAAA/.test(text);
}
