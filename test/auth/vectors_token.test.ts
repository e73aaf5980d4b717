import assert from "node:assert/strict";
import { test } from "node:test";
import { type TokenFault, verifyToken } from "../../src/auth/token.ts";
import { policyOf, TOKEN_VECTORS, tokenOf, VECTORS_NOW_MS } from "../support/token_vectors.ts";

for (const vector of TOKEN_VECTORS) {
  const { name, section, fault, subject } = vector;

  test(`verifyToken() given ${name} (${section}) ${fault === undefined ? "takes it" : `says ${fault}`}`, () => {
    const verified = verifyToken(tokenOf(vector), policyOf(vector), VECTORS_NOW_MS);
    if (fault !== undefined) return assert.deepEqual(verified, { ok: false, fault });
    assert.ok(verified.ok, verified.ok ? "" : verified.fault);
    assert.equal(verified.value.subject, subject);
  });
}

test("each vector of a token leads to a fault or a subject, and not to both", () => {
  for (const { name, fault, subject } of TOKEN_VECTORS) {
    assert.equal((fault === undefined) !== (subject === undefined), true, name);
  }
});

test("there is a vector for each fault of a token", () => {
  const faults: Readonly<Record<TokenFault, true>> = {
    too_long: true,
    malformed: true,
    algorithm: true,
    unknown_key: true,
    signature: true,
    claims: true,
    expired: true,
    lifetime: true,
    not_yet_valid: true,
    audience: true,
    issuer: true,
  };
  const shown = new Set(TOKEN_VECTORS.map(({ fault }) => fault));
  for (const fault of Object.keys(faults) as TokenFault[]) assert.ok(shown.has(fault), fault);
});

test("no two vectors of tokens are the same token for the same verifier", () => {
  const seen = new Map<string, string>();
  for (const vector of TOKEN_VECTORS) {
    const key = JSON.stringify([tokenOf(vector).slice(0, 20_000), vector.keys, vector.policy]);
    assert.equal(seen.get(key), undefined, vector.name);
    seen.set(key, vector.name);
  }
});
