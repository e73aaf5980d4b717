import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { generateKeyPairSync, type KeyObject, randomBytes, X509Certificate } from "node:crypto";
import { test } from "node:test";
import { inspect } from "node:util";
import { type Algorithm, ALGORITHMS, hmacKey, MAX_KEY_ID_LENGTH } from "../../src/auth/key.ts";
import { verifyToken } from "../../src/auth/token.ts";
import { type ErrorCode, PortcullisError } from "../../src/base/errors.ts";
import { makeCertificate } from "../support/server_certificate.ts";
import { jws, NOW_MS, POLICY, SECRET } from "../support/tokens.ts";

function throws(code: ErrorCode, call: () => unknown): void {
  assert.throws(call, (error) => error instanceof PortcullisError && error.code === code);
}

for (const [name, { macBytes }] of Object.entries(ALGORITHMS)) {
  const algorithm = name as Algorithm;

  test(`hmacKey() takes ${macBytes} bytes for ${algorithm}, and no fewer`, () => {
    assert.equal(hmacKey(SECRET.subarray(0, macBytes), { algorithm }).algorithm, algorithm);
    for (const length of [0, 1, macBytes - 1]) {
      throws("weak_key", () => hmacKey(SECRET.subarray(0, length), { algorithm }));
    }
  });
}

test("hmacKey() counts text in bytes of UTF-8", () => {
  throws("weak_key", () => hmacKey(""));
  throws("weak_key", () => hmacKey("your-256-bit-secret"));
  throws("weak_key", () => hmacKey("x".repeat(31)));
  assert.equal(hmacKey("x".repeat(32)).algorithm, "HS256");
  assert.equal(hmacKey("é".repeat(16)).algorithm, "HS256");
});

test("hmacKey() refuses the text of a key of another kind, whatever stands in front of it", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const jwk = JSON.stringify(publicKey.export({ format: "jwk" }));
  const texts = [
    pem,
    privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    `\n  ${pem}`,
    `\ufeff${pem}`,
    `Bag Attributes\n    friendlyName: door\n${pem}`,
    `---- BEGIN SSH2 PUBLIC KEY ----\n${"A".repeat(60)}`,
    jwk,
    ` \n${jwk}`,
    `{"keys":[${jwk}]}`,
    `[${jwk}]`,
    `{"k":"${"A".repeat(43)}","kty":"oct"}`,
    `ssh-ed25519 AAAA${"C".repeat(60)} ada@example`,
    `ecdsa-sha2-nistp256 AAAA${"C".repeat(60)}`,
    `sk-ssh-ed25519@openssh.com AAAA${"C".repeat(60)}`,
  ];
  for (const text of texts) {
    throws("weak_key", () => hmacKey(text));
    throws("weak_key", () => hmacKey(Buffer.from(text)));
  }
  for (
    const text of ["-----begin to wonder what a key is-----", "{kty: is not JSON, this is a passphrase}"]
  ) {
    assert.equal(hmacKey(text).algorithm, "HS256");
  }
});

const der = (key: KeyObject, type: "spki" | "pkcs1") => key.export({ type, format: "der" });
const RSA = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;

/** What an issuer may publish, in DER: a length of one byte, of two and of three in front. */
const PUBLIC: Readonly<Record<string, Buffer>> = {
  "an RSA key": der(RSA, "spki"),
  "an RSA key in PKCS #1": der(RSA, "pkcs1"),
  "an EC key of P-256": der(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey, "spki"),
  "an EC key of P-521": der(generateKeyPairSync("ec", { namedCurve: "P-521" }).publicKey, "spki"),
  "an Ed25519 key": der(generateKeyPairSync("ed25519").publicKey, "spki"),
  "a certificate": Buffer.from(new X509Certificate(makeCertificate().cert).raw),
};

for (const [name, bytes] of Object.entries(PUBLIC)) {
  test(`hmacKey() refuses ${name} that is public, as bytes and in base64, in lines or in one`, () => {
    throws("weak_key", () => hmacKey(bytes));
    throws("weak_key", () => hmacKey(Buffer.concat([bytes, Buffer.from("\n")])));
    const base64 = bytes.toString("base64");
    const lines = base64.replace(/.{64}/g, "$&\r\n");
    for (
      const text of [
        base64,
        bytes.toString("base64url"),
        lines,
        `  ${lines}\n`,
        `\ufeff${base64}`,
        `{"realm":"chat","public_key":"${base64}"}`,
        `the key: ${bytes.toString("base64url")} is public`,
      ]
    ) {
      throws("weak_key", () => hmacKey(text));
      throws("weak_key", () => hmacKey(Buffer.from(text)));
    }
  });

  test(`hmacKey() takes random bytes that begin like ${name}, and their base64`, () => {
    const head = bytes.subarray(0, 4);
    const rest = randomBytes(bytes.length - head.length);
    const secret = Buffer.concat([head, rest.fill(0xff, 0, 1)]);
    for (const text of [secret, secret.toString("base64"), secret.toString("base64url")]) {
      assert.equal(hmacKey(text).algorithm, "HS256");
    }
  });
}

test("hmacKey() takes what begins like DER and is none, and the modulus of a public key, which is random to look at", () => {
  const modulus = Buffer.from(String(RSA.export({ format: "jwk" }).n), "base64url");
  const secrets = ["0".repeat(64), "MA".repeat(32), `MII${"B".repeat(40)}`, Buffer.alloc(64, 0x30), modulus];
  for (const secret of secrets) assert.equal(hmacKey(secret).algorithm, "HS256");
});

test("hmacKey() knows three algorithms by their exact names", () => {
  for (const name of ["none", "hs256", "HS1", "RS256", "", "__proto__", "constructor", "toString"]) {
    throws("invalid_argument", () => hmacKey(SECRET, { algorithm: name as Algorithm }));
  }
});

test("hmacKey() takes ids of 1 to 128 characters", () => {
  for (const id of ["a", "x".repeat(MAX_KEY_ID_LENGTH), "__proto__"]) {
    assert.equal(hmacKey(SECRET, { id }).id, id);
  }
  for (const id of ["", "x".repeat(MAX_KEY_ID_LENGTH + 1)]) {
    throws("invalid_argument", () => hmacKey(SECRET, { id }));
  }
});

test("hmacKey() keeps its own copy of the bytes", () => {
  const bytes = Buffer.from(SECRET);
  const key = hmacKey(bytes);
  bytes.fill(0);
  assert.equal(verifyToken(jws(), { ...POLICY, keys: [key] }, NOW_MS).ok, true);
});

test("hmacKey() makes a key that cannot be changed, and that no log or JSON gives away", () => {
  const key = hmacKey("correct horse battery staple, 32 bytes", { id: "k1" });
  assert.throws(() => Object.assign(key, { algorithm: "none" }), TypeError);
  assert.throws(() => Object.assign(key, { mac: hmacKey(SECRET).mac }), TypeError);
  const shown = `${JSON.stringify(key)} ${inspect(key, { depth: 9, showHidden: true })}`;
  const bytes = Buffer.from("correct horse");
  for (
    const secret of [
      "correct",
      bytes.toString("hex"),
      bytes.toString("base64"),
      bytes.join(", "),
      bytes.join(","),
    ]
  ) {
    assert.equal(shown.includes(secret), false, shown);
  }
});

test("hmacKey() names no secret in its errors", () => {
  const long = `hunter2${"x".repeat(40)}`;
  const published = `hunter2 ${der(RSA, "spki").toString("base64")}`;
  for (const secret of ["hunter2", `-----BEGIN PRIVATE KEY-----\n${long}`, published]) {
    assert.throws(
      () => hmacKey(secret),
      (error) => error instanceof Error && !/hunter2|MII/.test(error.message),
    );
  }
});
