import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkClaims,
  type ClaimsFault,
  type ClaimsPolicy,
  MAX_ROLES,
  MAX_SUBJECT_LENGTH,
  MAX_TOKEN_ID_LENGTH,
} from "../../src/auth/claims.ts";
import { CLAIMS, NOW, NOW_MS } from "../support/tokens.ts";

const POLICY: ClaimsPolicy = { audience: "chat" };

function accepts(claims: object, policy: ClaimsPolicy = POLICY): void {
  assert.deepEqual(faultOf({ ...CLAIMS, ...claims }, policy), "none", JSON.stringify(claims));
}

function refuses(claims: object, wanted: ClaimsFault, policy: ClaimsPolicy = POLICY): void {
  assert.deepEqual(faultOf({ ...CLAIMS, ...claims }, policy), wanted, JSON.stringify(claims));
}

function faultOf(payload: unknown, policy: ClaimsPolicy): ClaimsFault | "none" {
  const result = checkClaims(payload, policy, undefined, NOW_MS);
  return result.ok ? "none" : result.fault;
}

test("checkClaims() answers with the identity", () => {
  assert.deepEqual(checkClaims({ ...CLAIMS, jti: "t1", iss: "door", other: {} }, POLICY, undefined, NOW_MS), {
    ok: true,
    value: {
      subject: "ada",
      roles: ["member"],
      expiresAtMs: NOW_MS + 60_000,
      tokenId: "t1",
      issuedAtMs: undefined,
      keyId: undefined,
    },
  });
});

test("checkClaims() gives no role and no token id to whom none was given", () => {
  const { roles: _roles, ...bare } = CLAIMS;
  const result = checkClaims(bare, POLICY, undefined, NOW_MS);
  assert.deepEqual(result.ok && [result.value.roles, result.value.tokenId], [[], undefined]);
});

test("checkClaims() refuses a payload that is no object", () => {
  for (const payload of [null, undefined, [], [CLAIMS], "ada", 7, true]) {
    assert.equal(faultOf(payload, POLICY), "claims");
  }
});

for (const name of ["sub", "aud", "exp"] as const) {
  test(`checkClaims() refuses a payload without ${name}`, () => {
    const { [name]: _left, ...rest } = CLAIMS;
    assert.equal(faultOf(rest, POLICY), name === "aud" ? "audience" : "claims");
  });
}

test("checkClaims() takes subjects of 1 to 256 characters, and nothing else", () => {
  for (const sub of ["a", "x".repeat(MAX_SUBJECT_LENGTH), "__proto__", "é"]) accepts({ sub });
  for (const sub of ["", "x".repeat(MAX_SUBJECT_LENGTH + 1), null, 7, true, ["ada"], { length: 3 }]) {
    refuses({ sub }, "claims");
  }
});

test("checkClaims() ends the identity at exp, not after it", () => {
  for (const exp of [NOW + 0.001, NOW + 1, NOW + 86_400]) accepts({ exp });
  for (const exp of [NOW, NOW - 0.001, NOW - 1, 1, 0]) refuses({ exp }, "expired");
});

test("checkClaims() refuses a token that lives too long, counted from its iat, and from now without one", () => {
  const days = (count: number) => count * 86_400;
  accepts({ exp: NOW + days(400) });
  refuses({ exp: NOW + days(400) + 1 }, "lifetime");
  refuses({ exp: 253_402_300_799 }, "lifetime");
  refuses({ iat: NOW - days(399), exp: NOW + days(2) }, "lifetime");
  accepts({ iat: NOW - days(399), exp: NOW + days(1) });
  const policy = { ...POLICY, maxTokenLifetimeMs: 60_000 };
  accepts({ iat: NOW - 30, exp: NOW + 30 }, policy);
  refuses({ iat: NOW - 31, exp: NOW + 30 }, "lifetime", policy);
  accepts({ exp: 253_402_300_799 }, { ...POLICY, maxTokenLifetimeMs: Infinity });
});

test("checkClaims() gives the moment of issue in milliseconds, and the id of the key", () => {
  const result = checkClaims({ ...CLAIMS, iat: NOW - 1.5 }, POLICY, "2026-11", NOW_MS);
  assert.deepEqual(result.ok && [result.value.issuedAtMs, result.value.keyId], [NOW_MS - 1_500, "2026-11"]);
});

test("checkClaims() takes nothing but a finite number for a date", () => {
  for (const name of ["exp", "nbf", "iat"]) {
    for (
      const raw of [
        "1e400",
        "-1e400",
        "-1",
        "253402300800",
        String(NOW_MS),
        '"1800000000"',
        "null",
        "[]",
        "true",
      ]
    ) {
      const claims = JSON.parse(`{"${name}":${raw}}`) as object;
      refuses(claims, "claims");
    }
    refuses({ [name]: NaN }, "claims");
  }
});

test("checkClaims() keeps a token waiting until nbf", () => {
  for (const nbf of [NOW, NOW - 1, 0]) accepts({ nbf });
  for (const nbf of [NOW + 0.001, NOW + 1]) refuses({ nbf }, "not_yet_valid");
});

test("checkClaims() refuses a token from the future, but not one rounded up to whole seconds", () => {
  const half = (iat: number) => checkClaims({ ...CLAIMS, iat }, POLICY, undefined, NOW_MS + 500).ok;
  for (const iat of [NOW, NOW - 100]) accepts({ iat });
  refuses({ iat: NOW + 1 }, "not_yet_valid");
  assert.deepEqual([half(NOW + 1), half(NOW + 2)], [true, false]);
});

test("checkClaims() grants the leeway to exp, nbf and iat, and to the identity that comes of it", () => {
  const policy = { ...POLICY, leewaySeconds: 5 };
  accepts({ exp: NOW - 4.999, nbf: NOW + 5, iat: NOW + 5 }, policy);
  refuses({ exp: NOW - 5 }, "expired", policy);
  refuses({ nbf: NOW + 5.001 }, "not_yet_valid", policy);
  refuses({ iat: NOW + 6 }, "not_yet_valid", policy);
  const result = checkClaims({ ...CLAIMS, exp: NOW - 4 }, policy, undefined, NOW_MS);
  assert.equal(result.ok && result.value.expiresAtMs, NOW_MS + 1_000);
});

test("checkClaims() lets nobody in when the leeway or the time is no number", () => {
  refuses({}, "expired", { ...POLICY, leewaySeconds: NaN });
  assert.equal(checkClaims(CLAIMS, POLICY, undefined, NaN).ok, false);
});

test("checkClaims() compares audiences by equality or membership, never by parts", () => {
  for (const aud of ["chat", ["chat"], ["other", "chat"]]) accepts({ aud });
  const wrong = ["cha", "chat2", "Chat", "chat ", "", "other chat", null, 7, {}, { 0: "chat" }];
  for (const aud of [...wrong, [], ["cha"], ["chat,other"], [["chat"]], ["chat", 7], ["chat", null]]) {
    refuses({ aud }, "audience");
  }
});

test("checkClaims() does not take the lack of a configured audience for the audience of a token without one", () => {
  const { aud: _aud, ...rest } = CLAIMS;
  const unset = { audience: undefined } as unknown as ClaimsPolicy; // As JavaScript passes a missing variable.
  assert.equal(faultOf(rest, unset), "audience");
});

test("checkClaims() asks for the issuer when one is configured, and only then", () => {
  const policy = { ...POLICY, issuer: "door" };
  accepts({ iss: "door" }, policy);
  accepts({ iss: "anybody" });
  for (const iss of ["Door", "door2", "", null, ["door"], undefined]) refuses({ iss }, "issuer", policy);
});

test("checkClaims() takes lists of at most 64 strings for roles", () => {
  for (const roles of [[], ["admin"], Array(MAX_ROLES).fill("r"), ["__proto__"]]) accepts({ roles });
  for (const roles of ["admin", null, {}, { 0: "admin", length: 1 }, [["admin"]], ["admin", 7], [null]]) {
    refuses({ roles }, "claims");
  }
  refuses({ roles: Array(MAX_ROLES + 1).fill("r") }, "claims");
});

test("checkClaims() refuses a jti that is no string of 1 to 256 characters", () => {
  for (const jti of [7, null, ["t"], {}, "", "x".repeat(MAX_TOKEN_ID_LENGTH + 1)]) refuses({ jti }, "claims");
  for (const jti of ["t", "__proto__", "x".repeat(MAX_TOKEN_ID_LENGTH)]) accepts({ jti });
});

test("checkClaims() finds no claim in a prototype", () => {
  const smuggled = JSON.parse(`{"__proto__":${JSON.stringify(CLAIMS)}}`) as unknown;
  assert.equal(faultOf(smuggled, POLICY), "claims");
  const inherited = Object.create(CLAIMS) as unknown;
  assert.equal(faultOf(inherited, POLICY), "claims");
});
