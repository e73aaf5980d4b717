import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { type TokenFault, verifyToken } from "../../src/auth/token.ts";
import {
  CLAIMS,
  type Content,
  jws,
  macOf,
  NOW_MS,
  POLICY,
  segment,
  signSegments,
  withSurplusBit,
} from "../support/tokens.ts";

function refuses(token: string, wanted: TokenFault): void {
  assert.deepEqual(verifyToken(token, POLICY, NOW_MS), { ok: false, fault: wanted }, token.slice(0, 300));
}

/** Finds a filling with which JSON ends in a group of base64url that is not full, and has a character that only it has. */
function uneven(content: object): string {
  const texts = ["", " ", "  "].map((filling) =>
    segment(JSON.stringify({ ...content, x: "?".repeat(5) }) + filling)
  );
  return texts.find((text) => text.length % 4 === 2) as string;
}

const HEADER = uneven({ alg: "HS256" });
const PAYLOAD = uneven(CLAIMS);

test("verifyToken() accepts the very segments from which the next tests depart", () => {
  assert.equal(verifyToken(signSegments(HEADER, PAYLOAD), POLICY, NOW_MS).ok, true);
});

/** Each reads as the same bytes to `Buffer`, or to a decoder that skips what it does not know. */
const REWRITINGS: Readonly<Record<string, (text: string) => string>> = {
  "surplus bits": withSurplusBit,
  "padding": (text) => `${text}${"=".repeat(4 - (text.length % 4))}`,
  "too much padding": (text) => `${text}====`,
  "a space in front": (text) => ` ${text}`,
  "a space behind": (text) => `${text} `,
  "a line break in the middle": (text) => `${text.slice(0, 8)}\r\n${text.slice(8)}`,
  "a line feed behind": (text) => `${text}\n`,
  "a NUL behind": (text) => `${text}\0`,
  "a character outside the alphabet": (text) => `${text.slice(0, 4)}!${text.slice(4)}`,
  "a character outside ASCII": (text) => `${text.slice(0, 4)}é${text.slice(4)}`,
  "a character that is the same modulo 256": (text) =>
    String.fromCharCode(text.charCodeAt(0) + 256) + text.slice(1),
};

for (const [name, rewrite] of Object.entries(REWRITINGS)) {
  test(`verifyToken() refuses ${name} in each of the three segments, also when signed like that`, () => {
    const mac = macOf(HEADER, PAYLOAD).toString("base64url");
    refuses(signSegments(rewrite(HEADER), PAYLOAD), "malformed");
    refuses(signSegments(HEADER, rewrite(PAYLOAD)), "malformed");
    refuses(`${HEADER}.${PAYLOAD}.${rewrite(mac)}`, "malformed");
  });
}

test("verifyToken() refuses the alphabet of plain base64 in each of the three segments", () => {
  const plain = (text: string) => text.replaceAll("-", "+").replaceAll("_", "/");
  for (const text of [HEADER, PAYLOAD]) assert.notEqual(plain(text), text);
  refuses(signSegments(plain(HEADER), PAYLOAD), "malformed");
  refuses(signSegments(HEADER, plain(PAYLOAD)), "malformed");
  // A MAC has the characters in question by chance: of these 16 tokens, some do.
  const macs = Array.from({ length: 16 }, (_, n) => jws({ payload: { ...CLAIMS, n } }).split("."));
  const differing = macs.filter(([, , mac = ""]) => plain(mac) !== mac);
  assert.ok(differing.length > 0);
  for (const [header = "", payload = "", mac = ""] of differing) {
    refuses(`${header}.${payload}.${plain(mac)}`, "malformed");
  }
});

test("verifyToken() refuses a payload whose characters are those that were signed modulo 256", () => {
  // `update(text, "latin1")` drops the high byte, so the MAC of this one is good.
  const mac = macOf(HEADER, PAYLOAD).toString("base64url");
  for (let at = 0; at < PAYLOAD.length; at++) {
    const twin = String.fromCharCode(PAYLOAD.charCodeAt(at) + 256);
    refuses(`${HEADER}.${PAYLOAD.slice(0, at)}${twin}${PAYLOAD.slice(at + 1)}.${mac}`, "malformed");
  }
});

test("verifyToken() refuses a MAC that is cut, longer, of another hash, or wrong in a single bit", () => {
  const mac = macOf(HEADER, PAYLOAD);
  const withMac = (bytes: Uint8Array) => `${HEADER}.${PAYLOAD}.${Buffer.from(bytes).toString("base64url")}`;
  for (let length = 0; length < mac.length; length++) refuses(withMac(mac.subarray(0, length)), "signature");
  refuses(withMac(Buffer.concat([mac, Buffer.alloc(1)])), "signature");
  refuses(withMac(Buffer.concat([mac, mac])), "signature");
  refuses(withMac(Buffer.alloc(mac.length)), "signature");
  for (const hash of ["sha1", "sha384", "sha512"]) {
    refuses(withMac(macOf(HEADER, PAYLOAD, hash)), "signature");
  }
  for (let bit = 0; bit < mac.length * 8; bit++) {
    const wrong = Buffer.from(mac);
    wrong[bit >> 3] = (wrong[bit >> 3] as number) ^ (1 << (bit & 7));
    refuses(withMac(wrong), "signature");
  }
});

test("verifyToken() refuses another number of segments than three", () => {
  const token = jws();
  const [header = "", payload = "", mac = ""] = token.split(".");
  const wrong = [
    "",
    ".",
    "..",
    "...",
    "x",
    header,
    `${header}.${payload}`,
    `${token}.`,
    `.${token}`,
    `${token}.${mac}`,
  ];
  for (const text of wrong) refuses(text, "malformed");
  refuses(`.${payload}.${mac}`, "malformed");
  // An empty segment in another place is judged like any other content: wrong.
  refuses(`${header}..${mac}`, "signature");
  refuses(signSegments(header, ""), "malformed");
  // The five segments of an encrypted token (RFC 7516).
  refuses(`${token}.${payload}.${mac}`, "malformed");
});

const PAYLOADS: readonly (readonly [TokenFault, Content])[] = [
  ["claims", []],
  ["claims", [CLAIMS]],
  ["claims", JSON.stringify("ada")],
  ["claims", null],
  ["claims", 7],
  ["claims", true],
  ["claims", {}],
  ["malformed", "ada"],
  ["malformed", `${JSON.stringify(CLAIMS)}x`],
  ["malformed", jws()],
  ["malformed", Buffer.from(`\ufeff${JSON.stringify(CLAIMS)}`)],
  ["malformed", Buffer.from(JSON.stringify({ ...CLAIMS, sub: "\xff" }), "latin1")],
  ["malformed", Buffer.from(JSON.stringify({ ...CLAIMS, sub: "\xc1\xa1da" }), "latin1")],
  ["malformed", Buffer.from(JSON.stringify({ ...CLAIMS, sub: "\xed\xa0\x80" }), "latin1")],
  ["malformed", Buffer.from(JSON.stringify(CLAIMS), "utf16le")],
];

test("verifyToken() refuses a payload that is not a JSON object in UTF-8, however good the signature", () => {
  for (const [wanted, payload] of PAYLOADS) refuses(jws({ payload }), wanted);
});

test("verifyToken() refuses two claims or header parameters of one name, however they are written", () => {
  const claims = JSON.stringify(CLAIMS);
  for (
    const first of ['"sub":"root"', '"exp":1', '"s\\u0075b":"ada"', '"roles":["admin"]', '"sub" : "ada"']
  ) {
    refuses(jws({ payload: claims.replace("{", `{${first},`) }), "malformed");
    refuses(jws({ payload: claims.replace(/}$/, `,${first}}`) }), "malformed");
  }
  for (const first of ['"alg":"none"', '"alg":"HS256"', '"\\u0061lg":"HS256"', '"typ":"JWT","typ":"JWT"']) {
    refuses(jws({ header: `{${first},"alg":"HS256"}` }), "malformed");
  }
});

test("verifyToken() takes a name twice where the two are members of different objects", () => {
  const payload = {
    ...CLAIMS,
    note: { sub: "a", exp: 1, more: { sub: ":", exp: '"sub":' } },
    list: [{ sub: "b" }],
  };
  const result = verifyToken(jws({ payload }), POLICY, NOW_MS);
  assert.equal(result.ok && result.value.subject, "ada");
});

test("verifyToken() refuses a claim of the name __proto__", () => {
  refuses(
    jws({ payload: JSON.stringify(CLAIMS).replace("{", '{"__proto__":{"roles":["admin"]},') }),
    "claims",
  );
});

test("verifyToken() tells the subjects of two tokens apart, whichever it saw first", () => {
  const [ada, eve] = ["ada", "eve"].map((sub) => jws({ payload: { ...CLAIMS, sub } })) as [string, string];
  for (const [token, subject] of [[ada, "ada"], [eve, "eve"], [ada, "ada"]] as const) {
    const result = verifyToken(token, POLICY, NOW_MS);
    assert.equal(result.ok && result.value.subject, subject);
  }
  const [header = "", payload = ""] = ada.split(".");
  refuses(`${header}.${payload}.${eve.split(".")[2] ?? ""}`, "signature");
});

test("verifyToken() judges the signature before the claims", () => {
  const expired = { payload: { ...CLAIMS, exp: 1 } };
  refuses(jws(expired), "expired");
  refuses(jws({ ...expired, secret: Buffer.alloc(32, 7) }), "signature");
});
