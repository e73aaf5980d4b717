import assert from "node:assert/strict";
import { test } from "node:test";
import { hmacKey } from "../../src/auth/key.ts";
import { KeyRing } from "../../src/auth/key_ring.ts";
import { Standing } from "../../src/auth/standing.ts";
import { identityOf } from "../support/sessions.ts";
import { LIFETIME_MS, standing, verdict } from "../support/standing.ts";
import { KEY, NOW_MS, SECRET } from "../support/tokens.ts";

const admin = (issuedAtMs: number, more: object = {}) =>
  identityOf("ada", { roles: ["admin"], issuedAtMs, ...more });

function rolesOf(made: Standing, identity: ReturnType<typeof admin>, nowMs = NOW_MS): unknown {
  const judged = made.judge(identity, nowMs);
  return judged.ok ? judged.value.roles : judged.fault;
}

test("Standing.setRoles() replaces the roles of tokens that are there, and nothing else of them", () => {
  const made = standing();
  made.setRoles("ada", ["guest", "member"], NOW_MS);
  const identity = admin(NOW_MS, { tokenId: "t1" });
  assert.deepEqual(made.judge(identity, NOW_MS), {
    ok: true,
    value: { ...identity, roles: ["guest", "member"] },
  });
  assert.deepEqual(identity.roles, ["admin"]);
});

test("Standing.setRoles() can leave no role at all, and give more than the token does", () => {
  const made = standing();
  made.setRoles("ada", [], NOW_MS);
  assert.deepEqual(rolesOf(made, admin(NOW_MS)), []);
  made.setRoles("ada", ["admin", "owner"], NOW_MS);
  assert.deepEqual(rolesOf(made, admin(NOW_MS)), ["admin", "owner"]);
});

test("Standing.setRoles() leaves other subjects, and tokens that are issued later, what they say", () => {
  const made = standing();
  made.setRoles("ada", ["guest"], NOW_MS);
  assert.deepEqual(rolesOf(made, admin(NOW_MS + 1)), ["admin"]);
  for (const subject of ["Ada", "eve", "__proto__"]) {
    assert.deepEqual(rolesOf(made, { ...admin(NOW_MS), subject }), ["admin"]);
  }
});

test("Standing.setRoles() keeps a copy of the roles", () => {
  const made = standing();
  const roles = ["guest"];
  made.setRoles("ada", roles, NOW_MS);
  roles.push("admin");
  assert.deepEqual(rolesOf(made, admin(NOW_MS)), ["guest"]);
});

test("Standing.setRoles() is remembered as long as a token could say something else", () => {
  const made = standing();
  made.setRoles("ada", ["guest"], NOW_MS);
  const longest = admin(NOW_MS, { expiresAtMs: NOW_MS + LIFETIME_MS });
  assert.deepEqual(rolesOf(made, longest, NOW_MS + LIFETIME_MS - 1), ["guest"]);
  assert.deepEqual(rolesOf(made, longest, NOW_MS + LIFETIME_MS), "expired");
});

test("Standing.setRoles() brings back nobody who is revoked, whichever came first", () => {
  for (const order of [["roles", "revoke"], ["revoke", "roles"]]) {
    const made = standing();
    for (const step of order) {
      if (step === "roles") made.setRoles("ada", ["admin"], NOW_MS);
      else made.revoke({ subject: "ada" }, NOW_MS);
    }
    assert.deepEqual(rolesOf(made, admin(NOW_MS)), "revoked");
  }
});

test("Standing.setRoles() revokes the subject's tokens when there is no room to remember its roles", () => {
  const made = standing({ maxRevocations: 1 });
  made.setRoles("ada", ["guest"], NOW_MS);
  made.setRoles("eve", ["guest"], NOW_MS);
  const eve = { ...admin(NOW_MS), subject: "eve" };
  assert.deepEqual([rolesOf(made, admin(NOW_MS)), rolesOf(made, eve)], [["guest"], "revoked"]);
  assert.deepEqual(rolesOf(made, { ...eve, issuedAtMs: NOW_MS + 1 }), ["admin"]);
  // The first one is known already, so that it needs no room.
  made.setRoles("ada", ["member"], NOW_MS);
  assert.deepEqual(rolesOf(made, admin(NOW_MS)), ["member"]);
});

test("Standing.judge() holds changed roles to the end of the key, too", () => {
  const ring = new KeyRing({ current: KEY });
  const made = new Standing({ maxRevocations: 9, maxTokenLifetimeMs: LIFETIME_MS }, ring);
  made.setRoles("ada", ["guest"], NOW_MS);
  ring.rotate(hmacKey(SECRET, { id: "next" }), { previousValidUntilMs: NOW_MS + 5 });
  const judged = made.judge(admin(NOW_MS), NOW_MS);
  assert.deepEqual(judged.ok && [judged.value.roles, judged.value.expiresAtMs], [["guest"], NOW_MS + 5]);
});

test("Standing counts revocations and roles by themselves", () => {
  const made = standing({ maxRevocations: 1 });
  made.setRoles("ada", ["guest"], NOW_MS);
  made.revoke({ subject: "bob" }, NOW_MS);
  made.revoke({ tokenId: "t1" }, NOW_MS);
  assert.equal(verdict(made, identityOf("eve", { issuedAtMs: 0 })), "good");
});
