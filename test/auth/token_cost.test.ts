import assert from "node:assert/strict";
import { test } from "node:test";
import { bearerSubprotocols, CARRIERS, findCredential } from "../../src/auth/credential.ts";
import { verifyToken } from "../../src/auth/token.ts";
import { LIMITS } from "../../src/base/limits.ts";
import { costOf } from "../support/cost.ts";
import { CLAIMS, jws, NOW_MS, POLICY, segment, signSegments } from "../support/tokens.ts";

const MOST = LIMITS.maxTokenBytes.default;

/** Cuts or fills a text to a length. */
const exactly = (text: string, length: number) => text.slice(0, length).padEnd(length, "A");
const half = (length: number) => Math.floor(length * 0.7);
const claims = JSON.stringify(CLAIMS).slice(0, -1);

/** Tokens of any length, each bad or good in a way that may cost more than it should. */
const SHAPES: Readonly<Record<string, (length: number) => string>> = {
  "dots": (length) => ".".repeat(length),
  "a dot, and all the rest behind it": (length) => exactly("a.", length),
  "two dots at the end": (length) => `${"a".repeat(length - 2)}..`,
  "a header without end": (length) => `${"A".repeat(length - 6)}.AA.AA`,
  "a payload without end": (length) => exactly(`${segment({ alg: "HS256" })}.`, length - 2) + ".A",
  "a signature without end": (length) => exactly(`${segment({ alg: "HS256" })}.A.`, length),
  "characters that are not base64url": (length) => `${"!".repeat(length - 4)}.!.!`,
  "characters that are, and one at the end that is not": (length) => `${"a".repeat(length - 5)}!.a.a`,
  "spaces": (length) => " ".repeat(length),
  "a deep header": (length) => `${segment("[".repeat(half(length)))}.AA.AA`,
  "a deep header that is closed": (length) =>
    `${segment(`{"alg":"HS256","x":${"[".repeat(half(length) / 2)}${"]".repeat(half(length) / 2)}}`)}.AA.AA`,
  "a header of many members": (length) =>
    `${segment(`{${'"a":1,'.repeat(half(length) / 6)}"alg":"HS256"}`)}.AA.AA`,
  "a header of one long string": (length) =>
    `${segment(`{"alg":"${"\\u0041".repeat(half(length) / 6)}"}`)}.AA.AA`,
  "a header of quotes": (length) => `${segment('"'.repeat(half(length)))}.AA.AA`,
  "a header of backslashes": (length) => `${segment(`{"a":"${"\\\\".repeat(half(length) / 2)}"}`)}.AA.AA`,
  "a long key id": (length) => `${segment({ alg: "HS256", kid: "k".repeat(half(length)) })}.AA.AA`,
  "a good token with deep claims": (length) =>
    jws({ payload: `${claims},"x":${"[".repeat(half(length) / 2)}${"]".repeat(half(length) / 2)}}` }),
  "a good token with many claims": (length) =>
    jws({
      payload: `${claims}${Array.from({ length: half(length) / 10 }, (_, at) => `,"c${at}":1`).join("")}}`,
    }),
  "a good token with many claims of one name": (length) =>
    jws({ payload: `${claims}${',"x":1'.repeat(half(length) / 6)}}` }),
  "a good token with an audience of many": (length) =>
    jws({ payload: { ...CLAIMS, aud: Array(Math.floor(half(length) / 5)).fill("no") } }),
  "a good token with too many roles": (length) =>
    jws({ payload: { ...CLAIMS, roles: Array(Math.floor(half(length) / 4)).fill("r") } }),
  "a good MAC over a payload that is not JSON": (length) =>
    signSegments(segment({ alg: "HS256" }), segment("{".repeat(half(length)))),
};

/** Each character is gone through some times: searched, cut, decoded, encoded again, hashed, parsed, counted. */
function assertLinear(costs: readonly number[]): void {
  const [first = 0] = costs;
  assert.ok(first <= 32, costs.join());
  for (const perCharacter of costs) assert.ok(perCharacter <= 1.1 * first + 0.1, costs.join());
}

for (const [name, make] of Object.entries(SHAPES)) {
  test(`verifyToken() costs no more than in proportion to the length for ${name}`, () => {
    const policy = { ...POLICY, maxTokenBytes: LIMITS.maxTokenBytes.max };
    const costs = [MOST, 4 * MOST, 16 * MOST].map((length) => {
      const token = make(length);
      assert.ok(token.length >= length * 0.7 && token.length <= length * 1.3, `${token.length} of ${length}`);
      return costOf(() => verifyToken(token, policy, NOW_MS)) / token.length;
    });
    assertLinear(costs);
  });

  test(`verifyToken() does not look at ${name} when it is longer than a token may be`, () => {
    const token = make(16 * MOST);
    assert.equal(costOf(() => assert.equal(verifyToken(token, POLICY, NOW_MS).ok, false)), 0);
  });
}

test("costOf() tells work in proportion to the length from work that is not", () => {
  const text = "a".repeat(1_000);
  const linear = costOf(() => text.indexOf("b"));
  assert.ok(linear >= 1_000 && linear < 3_000);
  const quadratic = costOf(() => {
    for (let at = 0; at < text.length; at++) text.slice(at);
  });
  assert.ok(quadratic > 100 * linear);
});

const [, ENTRY] = bearerSubprotocols("a.b.c");
const REQUESTS: Readonly<Record<string, (length: number) => Parameters<typeof findCredential>[0]>> = {
  "cookies": (length) => ({
    fields: new Map([["cookie", ["a=b; ".repeat(length / 5)]]]),
    subprotocols: [],
    query: "",
  }),
  "blanks in a cookie": (length) => ({
    fields: new Map([["cookie", [`${" \t".repeat(length / 2)}x=1`]]]),
    subprotocols: [],
    query: "",
  }),
  "semicolons": (length) => ({
    fields: new Map([["cookie", [";".repeat(length)]]]),
    subprotocols: [],
    query: "",
  }),
  "parameters": (length) => ({ fields: new Map(), subprotocols: [], query: "ticket=a&".repeat(length / 9) }),
  "subprotocols": (length) => ({
    fields: new Map(),
    subprotocols: Array(length / 64 | 0).fill(ENTRY),
    query: "",
  }),
  "spaces behind Bearer": (length) => ({
    fields: new Map([["authorization", [`Bearer${" ".repeat(length)}x`]]]),
    subprotocols: [],
    query: "",
  }),
};

for (const [name, make] of Object.entries(REQUESTS)) {
  test(`findCredential() costs no more than in proportion to the length for ${name}`, () => {
    const costs = [1, 4, 16].map((times) => {
      const request = make(times * MOST);
      return costOf(() => findCredential(request, CARRIERS)) / (times * MOST);
    });
    assertLinear(costs);
  });
}
