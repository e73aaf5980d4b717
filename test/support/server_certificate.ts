/**
 * A certificate for this machine, written by hand (X.509, RFC 5280): `node:crypto` reads certificates, but makes none.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { generateKeyPairSync, sign } from "node:crypto";

const TAG = {
  boolean: 1,
  integer: 2,
  bits: 3,
  octets: 4,
  oid: 6,
  utf8: 12,
  utcTime: 23,
  sequence: 48,
  set: 49,
} as const;

/** One DER element: tag, length, content. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

const sequence = (...contents: readonly Uint8Array[]) => der(TAG.sequence, ...contents);
const oid = (hex: string) => der(TAG.oid, Buffer.from(hex, "hex"));
const time = (text: string) => der(TAG.utcTime, Buffer.from(text));

const ECDSA_WITH_SHA256 = sequence(oid("2a8648ce3d040302"));
const COMMON_NAME = oid("550403");
const BASIC_CONSTRAINTS = oid("551d13");
const SUBJECT_ALT_NAME = oid("551d11");

/** Makes a certificate of its own authority for 127.0.0.1. @returns It and its key, in PEM. */
export function makeCertificate(): { readonly cert: string; readonly key: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const name = sequence(der(TAG.set, sequence(COMMON_NAME, der(TAG.utf8, Buffer.from("portcullis test")))));
  const authority = sequence(
    BASIC_CONSTRAINTS,
    der(TAG.boolean, Buffer.of(0xff)),
    der(TAG.octets, sequence(der(TAG.boolean, Buffer.of(0xff)))),
  );
  // [7] is an address (RFC 5280 §4.2.1.6).
  const address = sequence(SUBJECT_ALT_NAME, der(TAG.octets, sequence(der(0x87, Buffer.of(127, 0, 0, 1)))));
  const signed = sequence(
    der(0xa0, der(TAG.integer, Buffer.of(2))),
    der(TAG.integer, Buffer.of(1)),
    ECDSA_WITH_SHA256,
    name,
    sequence(time("200101000000Z"), time("491231235959Z")),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(authority, address)),
  );
  const certificate = sequence(
    signed,
    ECDSA_WITH_SHA256,
    der(TAG.bits, Buffer.of(0), sign("sha256", signed, privateKey)),
  );
  const lines = certificate.toString("base64").replace(/.{64}/g, "$&\n");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}
