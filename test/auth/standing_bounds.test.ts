import assert from "node:assert/strict";
import { test } from "node:test";
import { checkClaims, MAX_SUBJECT_LENGTH } from "../../src/auth/claims.ts";
import type { Revocation } from "../../src/auth/standing.ts";
import { identityOf } from "../support/sessions.ts";
import { LIFETIME_MS, standing, verdict } from "../support/standing.ts";
import { CLAIMS, NOW, NOW_MS } from "../support/tokens.ts";

const ada = (issuedAtMs: number, more: object = {}) => identityOf("ada", { issuedAtMs, ...more });
const LONGEST = { expiresAtMs: NOW_MS + LIFETIME_MS };

const WRONG: Readonly<Record<string, unknown>> = {
  "no target": {},
  "two targets": { subject: "ada", tokenId: "t1" },
  "a subject and a moment": { subject: "ada", issuedBefore: NOW_MS },
  "three targets": { subject: "ada", tokenId: "t1", issuedBefore: NOW_MS },
  "a subject that was forgotten": { subject: undefined },
  "a subject that is null": { subject: null },
  "a subject that is a number": { subject: 7 },
  "a token that is a list": { tokenId: ["t1"] },
  "a moment in seconds": { issuedBefore: NOW },
  "a moment in seconds, in the year 5138": { issuedBefore: 99_999_999_999 },
  "no moment at all": { issuedBefore: NaN },
  "a Date that is none": { issuedBefore: new Date("yesterday") },
  "a moment without end": { issuedBefore: Infinity },
  "a moment that is null": { issuedBefore: null },
};

for (const [name, target] of Object.entries(WRONG)) {
  test(`Standing.revoke() throws, and revokes nobody, for ${name}`, () => {
    const made = standing();
    assert.throws(() => made.revoke(target as Revocation, NOW_MS), {
      name: "PortcullisError",
      code: "invalid_argument",
    });
    assert.equal(verdict(made, ada(0, { tokenId: "t1" })), "good");
  });
}

for (const [name, target] of Object.entries({ subject: { subject: "ada" }, tokenId: { tokenId: "t1" } })) {
  test(`Standing.revoke() by ${name} is remembered until the last such token has ended`, () => {
    const made = standing();
    made.revoke(target as Revocation, NOW_MS);
    assert.equal(
      verdict(made, ada(NOW_MS, { ...LONGEST, tokenId: "t1" }), NOW_MS + LIFETIME_MS - 1),
      "revoked",
    );
    // Behind that, there can be no such token; a made up one shows that the entry is gone.
    const late = { tokenId: "t1", expiresAtMs: Infinity };
    assert.equal(verdict(made, ada(NOW_MS, late), NOW_MS + LIFETIME_MS + 1_000), "good");
  });
}

test("Standing.revoke() of a token that is in use is remembered until the last of its name has ended", () => {
  const made = standing();
  const inUse = [5_000, 9_000, 1_000].map((ms) => ada(NOW_MS, { expiresAtMs: NOW_MS + ms }));
  made.revoke({ tokenId: "t1" }, NOW_MS, inUse);
  const identity = ada(NOW_MS, { tokenId: "t1", expiresAtMs: Infinity });
  assert.equal(verdict(made, identity, NOW_MS + 8_999), "revoked");
  assert.equal(verdict(made, identity, NOW_MS + 9_000), "good");
});

test("Standing.revoke() before a moment is remembered until the last such token has ended", () => {
  const made = standing();
  made.revoke({ issuedBefore: NOW_MS }, NOW_MS);
  assert.equal(verdict(made, ada(NOW_MS - 1, LONGEST), NOW_MS + LIFETIME_MS - 1), "revoked");
  const madeUp = ada(0, { expiresAtMs: Infinity });
  assert.equal(verdict(made, madeUp, NOW_MS + LIFETIME_MS + 1_000), "good");
});

const BY: Readonly<Record<string, (who: string) => Revocation>> = {
  subject: (subject) => ({ subject }),
  tokenId: (tokenId) => ({ tokenId }),
};

for (const [name, by] of Object.entries(BY)) {
  test(`Standing.revoke() by ${name} refuses all tokens issued up to now when the list is full`, () => {
    const made = standing({ maxRevocations: 3 });
    const revoke = (who: string, nowMs: number) => made.revoke(by(who), nowMs);
    for (const who of ["a", "b", "c"]) revoke(who, NOW_MS);
    assert.equal(verdict(made, ada(NOW_MS)), "good");
    assert.equal(revoke("d", NOW_MS), "everybody");
    // Ada did nothing, but must sign in anew, as must the one who is meant.
    for (const subject of ["ada", "a", "d"]) {
      const identity = identityOf(subject, { issuedAtMs: NOW_MS, tokenId: subject });
      assert.equal(verdict(made, identity), "revoked");
    }
    assert.equal(verdict(made, ada(NOW_MS + 1_000), NOW_MS + 1_000), "good");
    // Those who were on the list are refused with all others, and the list has room again: the next one is only itself.
    assert.equal(verdict(made, identityOf("b", { issuedAtMs: NOW_MS, tokenId: "b" })), "revoked");
    assert.equal(made.revoke(by("e"), NOW_MS + 5_000), "listed");
    assert.equal(verdict(made, ada(NOW_MS + 1_500), NOW_MS + 5_000), "good");
  });
}

test("Standing.revoke() has room again when tokens have ended, and needs none for whom it knows", () => {
  const made = standing({ maxRevocations: 2 });
  made.revoke({ tokenId: "a" }, NOW_MS, [ada(NOW_MS, { expiresAtMs: NOW_MS + 10 })]);
  made.revoke({ subject: "b" }, NOW_MS);
  made.revoke({ subject: "b" }, NOW_MS + 5);
  made.revoke({ subject: "c" }, NOW_MS + 10);
  assert.equal(verdict(made, ada(NOW_MS)), "good");
});

for (const [name, by] of Object.entries(BY)) {
  test(`Standing.revoke() by ${name} remembers none that no token can have`, () => {
    const made = standing({ maxRevocations: 1 });
    for (const length of [MAX_SUBJECT_LENGTH + 1, 100_000]) {
      for (const letter of ["x", "y"]) {
        assert.equal(made.revoke(by(letter.repeat(length)), NOW_MS), "listed");
      }
    }
    // The longest that one can have takes the only place there is.
    const longest = "z".repeat(MAX_SUBJECT_LENGTH);
    assert.equal(made.revoke(by(longest), NOW_MS), "listed");
    const identity = identityOf(longest, { issuedAtMs: NOW_MS, tokenId: longest });
    assert.deepEqual([verdict(made, identity), verdict(made, ada(NOW_MS))], ["revoked", "good"]);
    assert.equal(made.revoke(by("ada"), NOW_MS), "everybody");
  });
}

test("Standing.setRoles() remembers no subject that no token can have", () => {
  const made = standing({ maxRevocations: 1 });
  for (const letter of ["x", "y"]) made.setRoles(letter.repeat(MAX_SUBJECT_LENGTH + 1), ["guest"], NOW_MS);
  // The longest that one can have takes the only place there is, and whoever comes next is revoked instead.
  const longest = "z".repeat(MAX_SUBJECT_LENGTH);
  made.setRoles(longest, ["guest"], NOW_MS);
  const judged = made.judge(identityOf(longest, { roles: ["admin"], issuedAtMs: NOW_MS }), NOW_MS);
  assert.deepEqual(judged.ok && judged.value.roles, ["guest"]);
  made.setRoles("ada", ["guest"], NOW_MS);
  assert.equal(verdict(made, ada(NOW_MS)), "revoked");
});

test("Standing reaches as far ahead as the leeway lets an iat be", () => {
  const made = standing({}, 5);
  made.revoke({ subject: "ada" }, NOW_MS);
  made.setRoles("eve", ["guest"], NOW_MS);
  const eve = (issuedAtMs: number) => made.judge(identityOf("eve", { roles: ["admin"], issuedAtMs }), NOW_MS);
  const rolesOf = (issuedAtMs: number) => {
    const judged = eve(issuedAtMs);
    return judged.ok && judged.value.roles;
  };
  assert.deepEqual([verdict(made, ada(NOW_MS + 5_000)), verdict(made, ada(NOW_MS + 5_001))], [
    "revoked",
    "good",
  ]);
  assert.deepEqual([rolesOf(NOW_MS + 5_000), rolesOf(NOW_MS + 5_001)], [["guest"], ["admin"]]);
});

test("Standing reaches a token that was issued in the very millisecond, and none that was issued after it", () => {
  const nowMs = NOW_MS + 300;
  const made = standing();
  made.revoke({ subject: "ada" }, nowMs);
  made.setRoles("eve", ["guest"], nowMs);
  for (
    const [issuedAtMs, wanted, roles] of [[nowMs, "revoked", "guest"], [
      nowMs + 0.5,
      "good",
      "admin",
    ]] as const
  ) {
    assert.equal(verdict(made, ada(issuedAtMs), nowMs), wanted);
    const judged = made.judge(identityOf("eve", { roles: ["admin"], issuedAtMs }), nowMs);
    assert.deepEqual(judged.ok && judged.value.roles, [roles]);
  }
});

/** What the door lets in at this moment, although it says that it is from the future. */
function rounded(nowMs: number, leewaySeconds: number): ReturnType<typeof ada> {
  const iat = Math.ceil(nowMs / 1000) + leewaySeconds;
  const policy = { audience: "chat", leewaySeconds };
  const checked = checkClaims({ ...CLAIMS, iat, exp: iat + 60 }, policy, undefined, nowMs);
  assert.ok(checked.ok);
  return checked.value;
}

for (const leewaySeconds of [0, 5]) {
  test(`Standing.revoke() reaches a token that was seen, and whose iat was rounded up, with a leeway of ${leewaySeconds} s`, () => {
    const nowMs = NOW_MS + 300;
    const token = rounded(nowMs, leewaySeconds);
    const bySubject = standing({}, leewaySeconds);
    assert.equal(verdict(bySubject, token, nowMs), "good");
    bySubject.revoke({ subject: "ada" }, nowMs);
    // Said again, and with a clock that was set back, it holds no less.
    bySubject.revoke({ subject: "ada" }, nowMs - 5_000);
    const full = standing({ maxRevocations: 1 }, leewaySeconds);
    for (const subject of ["bob", "eve"]) full.revoke({ subject }, nowMs);
    for (const made of [bySubject, full]) {
      for (const afterMs of [0, 1, 700, 30_000]) {
        assert.equal(verdict(made, token, nowMs + afterMs), "revoked");
      }
    }
    const demoted = standing({}, leewaySeconds);
    assert.equal(verdict(demoted, token, nowMs), "good");
    demoted.setRoles("ada", ["guest"], nowMs);
    demoted.setRoles("ada", ["guest"], nowMs - 5_000);
    const judged = demoted.judge(token, nowMs + 700);
    assert.deepEqual(judged.ok && judged.value.roles, ["guest"]);
  });
}

test("Standing.revoke() lets in a token of the next second, whose iat was rounded down", () => {
  const made = standing();
  assert.equal(verdict(made, ada(NOW_MS), NOW_MS + 300), "good");
  made.revoke({ subject: "ada" }, NOW_MS + 300);
  assert.equal(verdict(made, ada(NOW_MS), NOW_MS + 900), "revoked");
  assert.equal(verdict(made, ada(NOW_MS + 1_000), NOW_MS + 1_000), "good");
});

test("Standing.revoke() is remembered until a token has ended whose iat was ahead", () => {
  for (const leewaySeconds of [0, 5]) {
    const made = standing({}, leewaySeconds);
    const nowMs = NOW_MS + 1;
    made.revoke({ subject: "ada" }, nowMs);
    made.revoke({ tokenId: "t1" }, nowMs);
    // The longest life from the latest iat that the door takes at this moment.
    const issuedAtMs = NOW_MS + 1_000 + leewaySeconds * 1_000;
    const endMs = issuedAtMs + LIFETIME_MS;
    const last = { issuedAtMs, expiresAtMs: endMs, tokenId: "t1" };
    assert.equal(verdict(made, identityOf("ada", last), endMs - 1), "revoked");
    assert.equal(verdict(made, identityOf("eve", last), endMs - 1), "revoked");
  }
});

test("Standing.revoke() lets in who signs in anew, also when the clock was set back in between", () => {
  const made = standing();
  assert.equal(verdict(made, ada(NOW_MS), NOW_MS - 3_600_000), "good");
  made.revoke({ subject: "ada" }, NOW_MS);
  assert.equal(verdict(made, ada(NOW_MS + 1_000), NOW_MS + 1_000), "revoked");
  assert.equal(verdict(made, ada(NOW_MS + 1_001), NOW_MS + 1_001), "good");
});
