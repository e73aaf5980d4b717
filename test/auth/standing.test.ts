import assert from "node:assert/strict";
import { test } from "node:test";
import type { Identity } from "../../src/auth/claims.ts";
import { hmacKey } from "../../src/auth/key.ts";
import { KeyRing, keySourceOf } from "../../src/auth/key_ring.ts";
import { Standing } from "../../src/auth/standing.ts";
import { identityOf } from "../support/sessions.ts";
import { LIFETIME_MS, standing, verdict } from "../support/standing.ts";
import { KEY, NOW_MS, SECRET } from "../support/tokens.ts";

const ada = (issuedAtMs: number | undefined, more: object = {}) => identityOf("ada", { issuedAtMs, ...more });

test("Standing.judge() lets an identity pass as it is when nothing has changed", () => {
  const made = standing();
  const identity = ada(NOW_MS, { tokenId: "t1", roles: ["member"] });
  assert.deepEqual(made.judge(identity, NOW_MS), { ok: true, value: identity });
});

test("Standing.judge() ends an identity at its expiry, not after it", () => {
  const made = standing();
  assert.equal(verdict(made, ada(NOW_MS), NOW_MS + 59_999), "good");
  assert.equal(verdict(made, ada(NOW_MS), NOW_MS + 60_000), "expired");
});

test("Standing.judge() holds an identity to the key that vouches for it", () => {
  const next = hmacKey(SECRET, { id: "next" });
  const ring = new KeyRing({ current: KEY });
  const made = new Standing({ maxRevocations: 9, maxTokenLifetimeMs: LIFETIME_MS }, ring);
  const expiryOf = (keyId?: string) => {
    const judged = made.judge(ada(NOW_MS, { keyId, roles: ["member"] }), NOW_MS);
    return judged.ok ? [judged.value.expiresAtMs - NOW_MS, ...judged.value.roles] : judged.fault;
  };
  assert.deepEqual([expiryOf(), expiryOf("next")], [[60_000, "member"], "key_withdrawn"]);
  ring.rotate(next, { previousValidUntilMs: NOW_MS + 10_000 });
  assert.deepEqual([expiryOf(), expiryOf("next")], [[10_000, "member"], [60_000, "member"]]);
  ring.rotate(hmacKey(SECRET, { id: "last" }), { previousValidUntilMs: NOW_MS });
  assert.deepEqual([expiryOf(), expiryOf("next"), expiryOf("last")], [
    "key_withdrawn",
    "key_withdrawn",
    [60_000, "member"],
  ]);
});

test("Standing.judge() keeps the token's own end in mind when its key ends sooner", () => {
  const ring = new KeyRing({ current: KEY });
  const made = new Standing({ maxRevocations: 9, maxTokenLifetimeMs: LIFETIME_MS }, ring);
  const ends = (identity: Identity) => {
    const judged = made.judge(identity, NOW_MS);
    assert.ok(judged.ok);
    return [judged.value.expiresAtMs - NOW_MS, (judged.value.tokenEndsAtMs ?? NaN) - NOW_MS];
  };
  assert.deepEqual(ends(ada(NOW_MS)), [60_000, NaN]);
  ring.rotate(hmacKey(SECRET, { id: "next" }), { previousValidUntilMs: NOW_MS + 10_000 });
  assert.deepEqual(ends(ada(NOW_MS)), [10_000, 60_000]);
  // Also of one that was held to its key before.
  const held = ada(NOW_MS, { expiresAtMs: NOW_MS + 20_000, tokenEndsAtMs: NOW_MS + 60_000 });
  assert.deepEqual(ends(held), [10_000, 60_000]);
});

test("Standing.judge() says that an identity is over before it says that its key is, and that before all else", () => {
  const made = new Standing({ maxRevocations: 9, maxTokenLifetimeMs: LIFETIME_MS }, keySourceOf([KEY]));
  made.revoke({ subject: "ada" }, NOW_MS);
  const [bad, worse] = [ada(NOW_MS, { keyId: "gone" }), ada(NOW_MS, { keyId: "gone", expiresAtMs: NOW_MS })];
  assert.deepEqual([verdict(made, worse), verdict(made, bad), verdict(made, ada(NOW_MS))], [
    "expired",
    "key_withdrawn",
    "revoked",
  ]);
});

test("Standing.revoke() of a subject refuses its tokens up to now, and nobody else's", () => {
  const made = standing();
  made.revoke({ subject: "ada" }, NOW_MS);
  for (const issuedAtMs of [0, NOW_MS - 1, NOW_MS]) assert.equal(verdict(made, ada(issuedAtMs)), "revoked");
  assert.equal(verdict(made, ada(NOW_MS + 1)), "good");
  for (const subject of ["Ada", "ada ", "", "eve", "__proto__"]) {
    assert.equal(verdict(made, identityOf(subject, { issuedAtMs: NOW_MS - 1 })), "good");
  }
});

test("Standing.revoke() of a subject a second time reaches the tokens that came in between", () => {
  const made = standing();
  made.revoke({ subject: "ada" }, NOW_MS);
  made.revoke({ subject: "ada" }, NOW_MS + 5_000);
  assert.equal(verdict(made, ada(NOW_MS + 4_000), NOW_MS + 5_000), "revoked");
  assert.equal(verdict(made, ada(NOW_MS + 5_001), NOW_MS + 5_001), "good");
});

test("Standing.revoke() of a token refuses that one, whoever shows it, and no other", () => {
  const made = standing();
  made.revoke({ tokenId: "t1" }, NOW_MS);
  assert.equal(verdict(made, ada(NOW_MS, { tokenId: "t1" })), "revoked");
  assert.equal(verdict(made, ada(NOW_MS + 1_500, { tokenId: "t1" }), NOW_MS + 1_500), "revoked");
  assert.equal(verdict(made, identityOf("eve", { tokenId: "t1" })), "revoked");
  for (const tokenId of ["t2", "T1", "t1 ", "__proto__", undefined]) {
    assert.equal(verdict(made, ada(NOW_MS, { tokenId })), "good");
  }
});

for (const issuedBefore of [new Date(NOW_MS), NOW_MS]) {
  test(`Standing.revoke() of all issued before a ${typeof issuedBefore} refuses those, and not that very moment`, () => {
    const made = standing();
    made.revoke({ issuedBefore }, NOW_MS + 10_000);
    assert.equal(verdict(made, ada(NOW_MS - 1)), "revoked");
    assert.equal(verdict(made, identityOf("eve", { issuedAtMs: 0 })), "revoked");
    assert.equal(verdict(made, ada(NOW_MS)), "good");
  });
}

test("Standing.revoke() of all issued before a moment is not taken back by an earlier moment", () => {
  const made = standing();
  made.revoke({ issuedBefore: NOW_MS }, NOW_MS);
  made.revoke({ issuedBefore: NOW_MS - 50_000 }, NOW_MS);
  assert.equal(verdict(made, ada(NOW_MS - 1)), "revoked");
  made.revoke({ issuedBefore: NOW_MS + 1 }, NOW_MS);
  assert.equal(verdict(made, ada(NOW_MS)), "revoked");
});

test("Standing.revoke() of all issued before a moment to come refuses tokens that are made until then", () => {
  const made = standing();
  const thenMs = NOW_MS + 3 * LIFETIME_MS;
  made.revoke({ issuedBefore: thenMs }, NOW_MS);
  const late = (issuedAtMs: number) => ada(issuedAtMs, { expiresAtMs: issuedAtMs + LIFETIME_MS });
  assert.equal(verdict(made, late(thenMs - 1), thenMs + LIFETIME_MS - 2), "revoked");
  assert.equal(verdict(made, late(thenMs), thenMs), "good");
});

test("Standing takes a token without iat for one that was issued before anything", () => {
  for (
    const revocation of [{ subject: "ada" }, { issuedBefore: 100_000_000_000 }, { tokenId: "t1" }] as const
  ) {
    const made = standing();
    made.revoke(revocation, NOW_MS);
    const isNamed = revocation.tokenId !== undefined;
    assert.equal(verdict(made, ada(undefined), NOW_MS + 5_000), isNamed ? "good" : "revoked");
  }
  const made = standing();
  made.setRoles("ada", ["guest"], NOW_MS);
  const judged = made.judge(ada(undefined, { roles: ["admin"] }), NOW_MS + 5_000);
  assert.deepEqual(judged.ok && judged.value.roles, ["guest"]);
});

test("Standing.isMeant() picks the sessions that a revocation ends", () => {
  const one = ada(NOW_MS, { tokenId: "t1" });
  const meant = [{ subject: "ada" }, { tokenId: "t1" }, { issuedBefore: NOW_MS + 1 }, {
    issuedBefore: new Date(NOW_MS + 1),
  }] as const;
  for (const target of meant) assert.equal(Standing.isMeant(target, one), true);
  const others = [{ subject: "eve" }, { tokenId: "t2" }, { issuedBefore: NOW_MS }] as const;
  for (const target of others) assert.equal(Standing.isMeant(target, one), false);
  // Nobody is meant by the name of a token that has none.
  assert.equal(Standing.isMeant({ tokenId: "undefined" }, ada(NOW_MS)), false);
  assert.equal(Standing.isMeant({ issuedBefore: 100_000_000_000 }, ada(undefined)), true);
});
