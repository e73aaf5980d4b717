/**
 * Tokens made without the library: any header, payload and signature, right or wrong.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { type HmacKey, hmacKey } from "../../src/auth/key.ts";
import type { TokenPolicy } from "../../src/auth/token.ts";

/** 64 bytes that are enough for each of the algorithms. */
export const SECRET: Buffer = Buffer.from(Array.from({ length: 64 }, (_, index) => index + 1));

/** The moment at which the tests stand, in milliseconds. */
export const NOW_MS = 1_700_000_000_000;

/** The same in seconds, as claims have it. */
export const NOW = NOW_MS / 1000;

/** An HS256 key without an id. */
export const KEY: HmacKey = hmacKey(SECRET);

/** Accepts what {@link jws} makes when it is told nothing. */
export const POLICY: TokenPolicy = { keys: [KEY], audience: "chat" };

/** Claims that {@link POLICY} accepts. */
export const CLAIMS = { sub: "ada", aud: "chat", exp: NOW + 60, roles: ["member"] } as const;

/** The content of a segment: bytes and text as they are, everything else as JSON. */
export type Content = Uint8Array | string | object | null | number | boolean;

/** Writes the content of a segment as base64url. */
export function segment(content: Content): string {
  if (content instanceof Uint8Array) return Buffer.from(content).toString("base64url");
  return Buffer.from(typeof content === "string" ? content : JSON.stringify(content)).toString("base64url");
}

/** Computes the third segment over whatever the first two are; characters beyond 8 bits lose the rest, as in the library. */
export function macOf(header: string, payload: string, hash = "sha256", secret: Uint8Array = SECRET): Buffer {
  return createHmac(hash, secret).update(`${header}.${payload}`, "latin1").digest();
}

/** What a token is made of. */
export interface TokenParts {
  readonly header?: Content;
  readonly payload?: Content;
  readonly hash?: string;
  readonly secret?: Uint8Array;
}

/** Makes a token with a good signature over any content. */
export function jws({ header = { alg: "HS256" }, payload = CLAIMS, hash, secret }: TokenParts = {}): string {
  return signSegments(segment(header), segment(payload), hash, secret);
}

/** Signs two segments as they are, whatever they are. */
export function signSegments(header: string, payload: string, hash?: string, secret?: Uint8Array): string {
  return `${header}.${payload}.${macOf(header, payload, hash, secret).toString("base64url")}`;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Sets a bit that no byte uses: a lenient decoder reads the same bytes. The length must not be a multiple of 4. */
export function withSurplusBit(text: string): string {
  return text.slice(0, -1) + ALPHABET.charAt(ALPHABET.indexOf(text.slice(-1)) + 1);
}
