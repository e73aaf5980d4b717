/**
 * The vectors of test/vectors/tokens.json, made into tokens. What the fields of a vector mean is written down in
 * test/vectors/README.md.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { type Algorithm, hmacKey } from "../../src/auth/key.ts";
import type { TokenFault, TokenPolicy } from "../../src/auth/token.ts";
import { segment, withSurplusBit } from "./tokens.ts";
import { type Chapter, readChapter, type Vector } from "./vectors.ts";

/** How the MAC differs from a good one. */
interface MacChange {
  readonly hash?: string;
  readonly secretText?: string;
  readonly keepBytes?: number;
  readonly appendHex?: string;
  readonly flipBit?: number;
  readonly encoding?: "hex" | "base64";
}

interface VectorKey {
  readonly algorithm: Algorithm;
  readonly id?: string;
  readonly secret: string;
}

/** A token, and what it leads to: a `fault`, or a `subject`. */
export interface TokenVector extends Vector {
  readonly keys?: readonly VectorKey[];
  readonly policy?: Pick<TokenPolicy, "issuer" | "leewaySeconds">;
  readonly header?: object;
  readonly headerText?: string;
  readonly headerHex?: string;
  readonly claims?: object;
  readonly without?: readonly string[];
  readonly payloadText?: string;
  readonly payloadHex?: string;
  readonly token?: string;
  readonly mac?: MacChange;
  readonly fault?: TokenFault;
  readonly subject?: string;
}

interface TokenChapter extends Chapter<TokenVector> {
  readonly base: {
    readonly nowSeconds: number;
    readonly audience: string;
    readonly keys: readonly VectorKey[];
    readonly header: object;
    readonly claims: object;
    readonly token: string;
  };
}

const { base, vectors } = readChapter<TokenChapter>("tokens");

/** All of them. */
export const TOKEN_VECTORS: readonly TokenVector[] = vectors;

/** The moment at which they are judged, in milliseconds. */
export const VECTORS_NOW_MS: number = base.nowSeconds * 1000;

/** What the verifier of a vector accepts. */
export function policyOf({ keys = base.keys, policy = {} }: TokenVector): TokenPolicy {
  return {
    audience: base.audience,
    keys: keys.map(({ algorithm, id, secret }) =>
      hmacKey(Buffer.from(secret, "hex"), { algorithm, ...(id === undefined ? {} : { id }) })
    ),
    ...policy,
  };
}

/** Makes the token of a vector. */
export function tokenOf(vector: TokenVector): string {
  const header = segmentOf(vector.headerText, vector.headerHex, vector.header ?? base.header);
  const payload = segmentOf(vector.payloadText, vector.payloadHex, claimsOf(vector));
  const good = macOf(`${header}.${payload}`, vector);
  const text = repeated(vector.token ?? base.token)
    .replaceAll("<header>", header)
    .replaceAll("<payload>", payload)
    .replaceAll("<payload with a surplus bit>", () => withSurplusBit(payload))
    .replaceAll("<mac>", good)
    .replaceAll("<mac with a surplus bit>", () => withSurplusBit(good));
  return text.replace("<mac of this>", macOf(text.slice(0, text.lastIndexOf(".")), vector));
}

function claimsOf({ claims = {}, without = [] }: TokenVector): object {
  const all = Object.entries({ ...base.claims, ...claims });
  return Object.fromEntries(all.filter(([name]) => !without.includes(name)));
}

function segmentOf(text: string | undefined, hex: string | undefined, value: object): string {
  if (hex !== undefined) return segment(Buffer.from(hex, "hex"));
  return segment(repeated(text ?? JSON.stringify(value)));
}

/** `<a*9000>` is 9,000 times "a". */
function repeated(text: string): string {
  return text.replaceAll(
    /<([^<>]+)\*(\d+)>/g,
    (_, part: string, times: string) => part.repeat(Number(times)),
  );
}

/** Over the bytes of UTF-8, as whoever signs such a text would do it. */
function macOf(signed: string, { keys = base.keys, mac = {} }: TokenVector): string {
  const { hash = "sha256", secretText, keepBytes, appendHex = "", flipBit, encoding = "base64url" } = mac;
  const secret = secretText ?? Buffer.from(keys[0]?.secret ?? "", "hex");
  const whole = createHmac(hash, secret).update(signed, "utf8").digest();
  const bytes = Buffer.concat([whole.subarray(0, keepBytes), Buffer.from(appendHex, "hex")]);
  if (flipBit !== undefined) {
    bytes.writeUInt8(bytes.readUInt8(flipBit >> 3) ^ (0x80 >> (flipBit & 7)), flipBit >> 3);
  }
  return bytes.toString(encoding);
}
