import assert from "node:assert/strict";
import { test } from "node:test";
import type { Revocation } from "../../src/auth/standing.ts";
import { SESSION_ENDS } from "../../src/session/session_end.ts";
import { testLeases } from "../support/session_leases.ts";
import { recordedSession, type Role } from "../support/sessions.ts";
import { CLAIMS, jws, NOW, NOW_MS } from "../support/tokens.ts";

const REVOKED = { code: 3003, reason: SESSION_ENDS.revoked.tells };

test("Lifecycle.admit() has a session counted, found and present", () => {
  const { enter, registry, told, clock, audit } = testLeases();
  const { session, sender } = enter("ada", ["member"]);
  assert.deepEqual([...registry.all()], [session]);
  assert.deepEqual(told, ["ada present"]);
  // One timer for all leases.
  enter("eve", ["guest"]);
  assert.equal(clock.pending, 1);
  assert.deepEqual([sender.texts, audit], [[], []]);
});

test("Leases.knownRoles() keeps of a token's roles those of the table, in its order", () => {
  const { leases } = testLeases();
  const { session } = recordedSession("ada", []);
  const known = (roles: readonly string[]) => [...leases.knownRoles({ ...session.identity, roles })];
  assert.deepEqual(known(["admin", "root", "guest", "admin", "__proto__"]), ["guest", "admin"]);
  assert.deepEqual(known([]), []);
});

const TARGETS: Readonly<Record<string, readonly [Revocation, meant: readonly string[]]>> = {
  subject: [{ subject: "ada" }, ["ada t1", "ada t2"]],
  token_id: [{ tokenId: "t1" }, ["ada t1", "eve t1"]],
  issued_before: [{ issuedBefore: new Date(NOW_MS - 5_000) }, ["ada t1", "eve t1"]],
};

for (const [reason, [target, meant]] of Object.entries(TARGETS)) {
  test(`Leases.revoke() by ${reason} closes the sessions that are meant with 3003, and no others`, () => {
    const { enter, leases, registry, told, audit } = testLeases();
    const sessions = [["ada", "t1", 10_000], ["ada", "t2", 1_000], ["eve", "t1", 5_001], [
      "bob",
      "t3",
      5_000,
    ]] as const;
    const entered = sessions.map(([subject, tokenId, ageMs]) => ({
      name: `${subject} ${tokenId}`,
      ...enter(subject, ["member"], { tokenId, issuedAtMs: NOW_MS - ageMs }),
    }));
    told.length = 0;
    assert.equal(leases.revoke(target), meant.length);
    for (const { name, session, sender } of entered) {
      const isMeant = meant.includes(name);
      assert.deepEqual(sender.closes, isMeant ? [REVOKED] : [], name);
      assert.equal(session.end, isMeant ? "revoked" : undefined);
      assert.equal(registry.byId(session.id) === session, !isMeant);
      assert.deepEqual(sender.texts, []);
    }
    assert.deepEqual(told, meant.map((name) => `${name.slice(0, 3)} revoked`));
    const about = reason === "subject" ? { subject: "ada" } : {};
    assert.deepEqual(audit, [{ event: "authn_token_revoked", atMs: NOW_MS, reason, ...about }]);
  });
}

test("Leases.revoke() refuses the same token at the door from then on", () => {
  const { enter, leases, door } = testLeases();
  const claims = { ...CLAIMS, jti: "t1", iat: NOW - 5 };
  const token = jws({ payload: claims });
  enter("ada", ["member"], { tokenId: "t1", issuedAtMs: NOW_MS - 5_000 });
  assert.equal(door.judgeToken(token, NOW_MS).ok, true);
  leases.revoke({ tokenId: "t1" });
  // The session told when the token ends: the entry is not kept longer, and not less.
  for (const afterMs of [0, 59_999]) {
    assert.deepEqual(door.judgeToken(token, NOW_MS + afterMs), { ok: false, fault: "revoked" });
  }
  const longer = jws({ payload: { ...claims, exp: NOW + 600 } });
  assert.equal(door.judgeToken(longer, NOW_MS + 60_000).ok, true);
});

test("Leases.revoke() of a token that nobody holds refuses it until it can no longer live", () => {
  const { leases, door } = testLeases({ limits: { maxTokenLifetimeMs: 600_000 } });
  assert.equal(leases.revoke({ tokenId: "t1" }), 0);
  const token = jws({ payload: { ...CLAIMS, jti: "t1", iat: NOW, exp: NOW + 600 } });
  assert.deepEqual(door.judgeToken(token, NOW_MS + 599_999), { ok: false, fault: "revoked" });
});

test("Leases.revoke() and setRoles() find nobody for a name that no token can have, and keep it for nobody", () => {
  const { enter, leases, registry } = testLeases({ limits: { maxRevocations: 1 } });
  enter("ada", ["member"], { tokenId: "t1" });
  for (const letter of ["x", "y"]) {
    const name = letter.repeat(257);
    assert.equal(leases.revoke({ subject: name }), 0);
    assert.equal(leases.revoke({ tokenId: name }), 0);
    assert.equal(leases.setRoles(name, ["guest"]), 0);
  }
  assert.equal(registry.size, 1);
  // There is room for her still.
  assert.equal(leases.setRoles("ada", ["guest"]), 1);
  assert.equal(leases.revoke({ subject: "ada" }), 1);
});

test("Leases.revoke() of a subject lets it sign in anew", () => {
  const { enter, leases, door, clock } = testLeases();
  enter("ada", ["member"]);
  leases.revoke({ subject: "ada" });
  clock.advance(2_000);
  assert.equal(door.judgeToken(jws(), clock.now()).ok, false);
  assert.equal(door.judgeToken(jws({ payload: { ...CLAIMS, iat: NOW + 2 } }), clock.now()).ok, true);
});

test("Leases.revoke() throws, and ends and writes down nothing, for a target that is none", () => {
  const { enter, leases, registry, audit } = testLeases();
  enter("ada", ["member"], { tokenId: "t1" });
  for (const target of [{}, { subject: "ada", tokenId: "t1" }, { issuedBefore: NOW }] as readonly object[]) {
    assert.throws(() => leases.revoke(target as Revocation), { code: "invalid_argument" });
  }
  assert.deepEqual([registry.size, audit], [1, []]);
});

test("Leases.setRoles() changes the roles of all sessions of a subject at once, and tells them", () => {
  const { enter, leases, registry, audit } = testLeases();
  const [one, two, eve] = [
    enter("ada", ["admin", "member"]),
    enter("ada", ["admin"]),
    enter("eve", ["admin"]),
  ];
  assert.equal(leases.setRoles("ada", ["guest"]), 2);
  for (const { session, sender } of [one, two]) {
    assert.deepEqual([...session.roles], ["guest"]);
    assert.deepEqual(sender.replies, [
      { type: "auth.changed", data: { roles: ["guest"], expiresAt: NOW_MS + 60_000 } },
    ]);
    assert.deepEqual([session.expiresAtMs, session.leasedAtMs, session.end], [
      NOW_MS + 60_000,
      NOW_MS,
      undefined,
    ]);
  }
  assert.deepEqual([[...eve.session.roles], eve.sender.texts], [["admin"], []]);
  assert.deepEqual([...registry.byRole("admin")], [eve.session]);
  assert.deepEqual([...registry.byRole("guest")], [one.session, two.session]);
  assert.equal(registry.byRole("member").size, 0);
  assert.deepEqual(audit, [{
    event: "privilege_permissions_changed",
    atMs: NOW_MS,
    reason: "roles",
    subject: "ada",
    roles: ["guest"],
  }]);
});

test("Leases.setRoles() holds for whoever comes later with a token that was issued before", () => {
  const { leases, door, audit } = testLeases();
  assert.equal(leases.setRoles("ada", ["guest", "member"]), 0);
  const rolesIn = (iat: number, nowMs: number) => {
    const judged = door.judgeToken(jws({ payload: { ...CLAIMS, roles: ["admin"], iat } }), nowMs);
    return judged.ok && judged.value.roles;
  };
  assert.deepEqual(rolesIn(NOW, NOW_MS), ["guest", "member"]);
  assert.deepEqual(rolesIn(NOW + 2, NOW_MS + 2_000), ["admin"]);
  assert.equal(audit.length, 1);
});

test("Leases.setRoles() throws, and changes nothing, for a role that the table does not know", () => {
  const { enter, leases, door, audit } = testLeases();
  const { session, sender } = enter("ada", ["member"]);
  for (const role of ["root", "Admin", "", "__proto__", "constructor", undefined]) {
    assert.throws(() => leases.setRoles("ada", ["guest", role as Role]), { code: "invalid_argument" });
  }
  assert.deepEqual([[...session.roles], sender.texts, audit], [["member"], [], []]);
  const judged = door.judgeToken(jws(), NOW_MS);
  assert.deepEqual(judged.ok && judged.value.roles, ["member"]);
});

test("Leases writes down no subject as a stranger wrote it", () => {
  const { leases, audit } = testLeases();
  const subject = `ada\r\n${"x".repeat(300)}`;
  leases.revoke({ subject });
  leases.setRoles(subject, []);
  for (const event of audit) {
    assert.match(event.subject ?? "", /^ada\\u\{d\}\\u\{a\}x+…$/);
    assert.ok((event.subject ?? "").length < 100);
  }
});
