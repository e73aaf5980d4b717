import assert from "node:assert/strict";
import { test } from "node:test";
import { type Algorithm, ALGORITHMS, hmacKey } from "../../src/auth/key.ts";
import { type TokenPolicy, verifyToken } from "../../src/auth/token.ts";
import { costOf } from "../support/cost.ts";
import { CLAIMS, jws, NOW, NOW_MS, POLICY, SECRET } from "../support/tokens.ts";

function verdict(token: string, policy: TokenPolicy = POLICY): string {
  const verified = verifyToken(token, policy, NOW_MS);
  return verified.ok ? verified.value.subject : verified.fault;
}

test("verifyToken() judges a header that it has read before as it did the first time", () => {
  const good = jws();
  const forged = jws({ secret: SECRET.subarray(1) });
  const expired = jws({ payload: { ...CLAIMS, exp: NOW } });
  for (let round = 0; round < 3; round++) {
    assert.deepEqual([forged, good, forged, expired].map((token) => verdict(token)), [
      "signature",
      "ada",
      "signature",
      "expired",
    ]);
  }
});

test("verifyToken() holds a header that was good for one verifier against the keys of each other", () => {
  const header = { alg: "HS256", kid: "k" };
  const token = jws({ header });
  const key = (id: string | undefined, algorithm: Algorithm = "HS256", secret: Uint8Array = SECRET) => ({
    ...POLICY,
    keys: [hmacKey(secret, id === undefined ? { algorithm } : { algorithm, id })],
  });
  const own = key("k");
  const others: readonly (readonly [TokenPolicy, string])[] = [
    [key(undefined), "unknown_key"],
    [key("other"), "unknown_key"],
    [key("k", "HS512"), "algorithm"],
    [key("k", "HS256", SECRET.map((byte) => byte ^ 1)), "signature"],
    [{ ...POLICY, keys: [] }, "unknown_key"],
    [{ ...own, audience: "other" }, "audience"],
  ];
  for (const [policy, wanted] of others) {
    assert.deepEqual([verdict(token, own), verdict(token, policy), verdict(token, own)], [
      "ada",
      wanted,
      "ada",
    ]);
  }
});

test("verifyToken() tells hundreds of headers apart, whichever came before", () => {
  const algorithms = Object.keys(ALGORITHMS) as Algorithm[];
  const cases = Array.from({ length: 200 }, (_, at) => {
    const alg = algorithms[at % 3] ?? "HS256";
    const kid = `key ${at % 40}`;
    const header = { alg, kid, note: "n".repeat(at * 5) };
    const token = jws({ header, hash: ALGORITHMS[alg].hash, payload: { ...CLAIMS, sub: `user ${at}` } });
    const [id, algorithm] = [`key ${at % 40}`, algorithms[(at >> 1) % 3] ?? "HS256"];
    return {
      at,
      token,
      policy: { ...POLICY, keys: [hmacKey(SECRET, { id, algorithm })] },
      isOwn: alg === algorithm,
    };
  });
  for (const order of [cases, cases.toReversed(), cases]) {
    for (const { at, token, policy, isOwn } of order) {
      assert.equal(verdict(token, policy), isOwn ? `user ${at}` : "algorithm");
    }
  }
});

test("verifyToken() refuses each time what asks for something that is not done here, among good headers", () => {
  for (let round = 0; round < 3; round++) {
    assert.equal(verdict(jws()), "ada");
    assert.equal(verdict(jws({ header: { alg: "HS256", crit: [] } })), "malformed");
    assert.equal(verdict(jws({ header: { alg: "none" } })), "algorithm");
    assert.equal(verdict(jws({ header: '{"alg":"HS256","alg":"HS256"}' })), "malformed");
  }
});

test("verifyToken() keeps no header of a token whose signature is bad: forgeries make a good one no dearer", () => {
  const good = jws({ header: { alg: "HS256", note: "good" } });
  assert.equal(verdict(good), "ada");
  const cost = costOf(() => verdict(good));
  for (let at = 0; at < 100; at++) {
    const forged = jws({ header: { alg: "HS256", note: `forged ${at}` }, secret: SECRET.subarray(1) });
    assert.equal(verdict(forged), "signature");
  }
  assert.equal(costOf(() => verdict(good)), cost);
});
