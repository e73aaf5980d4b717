import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { type Algorithm, ALGORITHMS, type HmacKey, hmacKey } from "../../src/auth/key.ts";
import { signToken, type TokenFault, type TokenPolicy, verifyToken } from "../../src/auth/token.ts";
import { PortcullisError } from "../../src/base/errors.ts";
import { LIMITS } from "../../src/base/limits.ts";
import { CLAIMS, type Content, jws, KEY, NOW, NOW_MS, POLICY, SECRET } from "../support/tokens.ts";

function accepts(token: string, policy: TokenPolicy = POLICY): void {
  const result = verifyToken(token, policy, NOW_MS);
  assert.deepEqual(result.ok ? result.value.subject : result.fault, "ada");
}

function refuses(token: string, wanted: TokenFault, policy: TokenPolicy = POLICY): void {
  assert.deepEqual(verifyToken(token, policy, NOW_MS), { ok: false, fault: wanted });
}

test("verifyToken() gets past the signature of RFC 7515 appendix A.1, and finds no subject behind it", () => {
  const secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
  const signed =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6" +
    "Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  const policy = { ...POLICY, keys: [hmacKey(Buffer.from(secret, "base64url"))] };
  refuses(`${signed}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`, "claims", policy);
  refuses(`${signed}.eBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`, "signature", policy);
});

const algorithms = Object.keys(ALGORITHMS) as Algorithm[];

for (const algorithm of algorithms) {
  const { hash } = ALGORITHMS[algorithm];
  const policy = { ...POLICY, keys: [hmacKey(SECRET, { algorithm })] };

  test(`verifyToken() accepts ${algorithm} with the MAC that node:crypto computes`, () => {
    accepts(jws({ header: { alg: algorithm, typ: "JWT" }, hash }), policy);
  });

  test(`verifyToken() refuses what is not ${algorithm} when the key is for that`, () => {
    for (const other of algorithms.filter((name) => name !== algorithm)) {
      refuses(jws({ header: { alg: other }, hash: ALGORITHMS[other].hash }), "algorithm", policy);
      refuses(jws({ header: { alg: algorithm }, hash: ALGORITHMS[other].hash }), "signature", policy);
    }
  });

  test(`signToken() makes the ${algorithm} token that another library would make`, () => {
    const key = hmacKey(SECRET, { algorithm, id: "k1" });
    const token = signToken(CLAIMS, key);
    assert.equal(token, jws({ header: { alg: algorithm, typ: "JWT", kid: "k1" }, hash }));
    accepts(token, { ...POLICY, keys: [key] });
  });
}

test("signToken() throws when a claim is missing, not of its type or out of bounds", () => {
  const wrong: readonly Record<string, unknown>[] = [
    { ...CLAIMS, sub: undefined },
    { ...CLAIMS, sub: "" },
    { ...CLAIMS, sub: 7 },
    { ...CLAIMS, aud: undefined },
    { ...CLAIMS, aud: [] },
    { ...CLAIMS, exp: undefined },
    { ...CLAIMS, exp: Infinity },
    { ...CLAIMS, exp: String(NOW) },
    { ...CLAIMS, exp: Date.UTC(2100, 0) }, // Milliseconds, where seconds are meant.
    { ...CLAIMS, roles: "admin" },
    { ...CLAIMS, sub: "a".repeat(257) },
  ];
  for (const claims of wrong) {
    assert.throws(
      // The compiler refuses these as well; JavaScript would not.
      () => signToken(claims as typeof CLAIMS & Record<string, unknown>, KEY),
      (error) => error instanceof PortcullisError && error.code === "invalid_argument",
    );
  }
  assert.equal(typeof signToken({ ...CLAIMS, aud: ["chat", "other"] }, KEY), "string");
});

test("verifyToken() accepts headers that say more, or in another case, when nothing in them is critical", () => {
  const headers: readonly Content[] = [
    { alg: "HS256" },
    { typ: "JWT", alg: "HS256" },
    { alg: "HS256", typ: "jwt" },
    { alg: "HS256", typ: "at+jwt" },
    { alg: "HS256", typ: "AT+JWT" },
    { alg: "HS256", typ: "application/at+jwt" },
    { alg: "HS256", note: "none of our business" },
    ' {\r\n "alg" : "HS256" }\n',
  ];
  for (const header of headers) accepts(jws({ header }));
});

const HEADER_ATTACKS: Readonly<Record<string, readonly [TokenFault, ...Content[]]>> = {
  "an algorithm other than the key's": [
    "algorithm",
    ...[
      "none",
      "None",
      "NONE",
      "nOnE",
      "hs256",
      "Hs256",
      "HS256 ",
      " HS256",
      "HS256\0",
      "HS384",
      "RS256",
      "ES256",
      "",
    ]
      .map((alg) => ({ alg })),
    ...["__proto__", "constructor", "toString"].map((alg) => ({ alg })),
  ],
  "an algorithm that is no string": [
    "algorithm",
    {},
    { alg: ["HS256"] },
    { alg: [["HS256"]] },
    { alg: { toString: "HS256" } },
    { alg: null },
    { alg: true },
    { alg: 256 },
    '{"__proto__":{"alg":"HS256"}}',
  ],
  "parameters that bring a key, or ask for what is not done": [
    "malformed",
    ...["crit", "jwk", "jku", "x5u", "x5c", "b64", "zip", "enc"].map((name) => ({
      alg: "HS256",
      [name]: [],
    })),
    { alg: "HS256", crit: ["exp"], exp: NOW + 60 },
    { alg: "HS256", crit: null },
    { alg: "HS256", jwk: { kty: "oct", k: SECRET.toString("base64url") } },
    { alg: "HS256", jku: "https://attacker.example/keys" },
    { alg: "HS256", b64: true },
  ],
  "a type of token for another purpose": [
    "malformed",
    ...["JWE", "dpop+jwt", "logout+jwt", "secevent+jwt", "JWT ", "", 1, null, ["JWT"], {}].map((typ) => ({
      alg: "HS256",
      typ,
    })),
  ],
  "a key id, when the key has none": [
    "unknown_key",
    ...["k1", "", "../../dev/null", "' OR 1=1 --", "__proto__", "x".repeat(129), "x".repeat(4_000)].map((
      kid,
    ) => ({
      alg: "HS256",
      kid,
    })),
    ...[null, 0, [], {}, [undefined]].map((kid) => ({ alg: "HS256", kid })),
  ],
  "a header that is no JSON object": ["malformed", [], [{ alg: "HS256" }], '"HS256"', null, 7, true, ""],
  "a header that is not JSON": [
    "malformed",
    '{"alg":"HS256",}',
    "{'alg':'HS256'}",
    '{"alg":"HS256"}x',
    '{"alg":"HS256"',
  ],
  "a header that is not UTF-8": [
    "malformed",
    Buffer.from('\ufeff{"alg":"HS256"}'),
    Buffer.from('{"alg":"HS256","x":"\xff"}', "latin1"),
    Buffer.from('{"alg":"HS256","x":"\xc0\xaf"}', "latin1"),
    Buffer.from('{"alg":"HS256","x":"\xed\xa0\x80"}', "latin1"),
  ],
};

for (const [attack, [wanted, ...headers]] of Object.entries(HEADER_ATTACKS)) {
  test(`verifyToken() refuses ${attack}, however good the signature`, () => {
    for (const header of headers) refuses(jws({ header }), wanted);
  });
}

test("verifyToken() refuses an unsecured token in every spelling", () => {
  for (const alg of ["none", "None", "NONE", "nOnE"]) {
    const [header = "", payload = ""] = jws({ header: { alg } }).split(".");
    refuses(`${header}.${payload}.`, "algorithm");
    refuses(`${header}.${payload}`, "malformed");
  }
});

test("verifyToken() tries no key but the one that the token names", () => {
  const other = SECRET.map((byte) => byte ^ 0xff);
  const keys: readonly HmacKey[] = [hmacKey(SECRET, { id: "a" }), hmacKey(other, { id: "b" })];
  const policy = { ...POLICY, keys };
  const signed = (kid: string | undefined, secret: Uint8Array) =>
    jws({ header: { alg: "HS256", kid }, secret });
  accepts(signed("a", SECRET), policy);
  accepts(signed("b", other), policy);
  refuses(signed("a", other), "signature", policy);
  refuses(signed("b", SECRET), "signature", policy);
  for (const kid of ["c", "A", "", "a ", undefined]) refuses(signed(kid, SECRET), "unknown_key", policy);
  refuses(signed("a", SECRET), "unknown_key", { ...POLICY, keys: [] });
});

test("verifyToken() takes a key id of 128 characters, and no longer one", () => {
  const id = "x".repeat(128);
  const policy = { ...POLICY, keys: [hmacKey(SECRET, { id })] };
  accepts(jws({ header: { alg: "HS256", kid: id } }), policy);
  // Not even when a key, which `hmacKey` would not have made, has that very id.
  const long = `${id}x`;
  refuses(jws({ header: { alg: "HS256", kid: long } }), "unknown_key", {
    ...POLICY,
    keys: [{ ...KEY, id: long }],
  });
});

test("verifyToken() judges the length before anything else", () => {
  const token = jws();
  accepts(token, { ...POLICY, maxTokenBytes: token.length });
  refuses(token, "too_long", { ...POLICY, maxTokenBytes: token.length - 1 });
  refuses(token, "too_long", { ...POLICY, maxTokenBytes: NaN });
  const most = LIMITS.maxTokenBytes.default;
  refuses(".".repeat(most), "malformed");
  refuses(".".repeat(most + 1), "too_long");
});
