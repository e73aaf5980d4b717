import assert from "node:assert/strict";
import { test } from "node:test";
import { Lifecycle } from "../../src/session/lifecycle.ts";
import { SESSION_ENDS } from "../../src/session/session_end.ts";
import { testLeases } from "../support/session_leases.ts";
import { recordedSession, type Role } from "../support/sessions.ts";
import { NOW_MS } from "../support/tokens.ts";

test("Lifecycle.end() ends a session once: closed, out of every group, and told behind its leaving", () => {
  const { enter, lifecycle, registry, told, clock, audit } = testLeases({ limits: { presenceGraceMs: 0 } });
  const { session, sender } = enter("ada", ["member"]);
  registry.join(session, "lobby");
  lifecycle.end(session, "replaced");
  lifecycle.end(session, "removed");
  lifecycle.end(session, "left");
  assert.equal(session.end, "replaced");
  assert.deepEqual(sender.closes, [{ code: 3003, reason: SESSION_ENDS.replaced.tells }]);
  const groups = [registry.bySubject("ada"), registry.byRole("member"), registry.byRoom("lobby")];
  assert.deepEqual(groups.map(({ size }) => size), [0, 0, 0]);
  assert.deepEqual(told, ["ada present", "ada absent", "ada replaced"]);
  assert.deepEqual([registry.size, clock.pending], [0, 0]);
  assert.deepEqual(audit, [
    { event: "session_expired", atMs: NOW_MS, reason: "replaced", subject: "ada", sessionId: session.id },
  ]);
});

test("Lifecycle.end() says nothing to whoever has left, and what it is told to whoever is removed", () => {
  const { enter, lifecycle } = testLeases();
  const [left, removed] = [enter("ada", []), enter("eve", [])];
  lifecycle.end(left.session, "left");
  lifecycle.end(removed.session, "removed", 1012, "Come back");
  assert.deepEqual([left.sender.closes, removed.sender.closes], [[], [{ code: 1012, reason: "Come back" }]]);
});

test("Lifecycle.end() leaves the other tab, and its subject present", () => {
  const { enter, lifecycle, registry, told } = testLeases({ limits: { presenceGraceMs: 0 } });
  const [one, two] = [enter("ada", ["member"]), enter("ada", ["member"])];
  lifecycle.end(one.session, "left");
  assert.deepEqual([...registry.bySubject("ada")], [two.session]);
  assert.deepEqual(told, ["ada present", "ada left"]);
});

test("Lifecycle.lease() puts nobody back into an index who is over", () => {
  const { enter, lifecycle, registry } = testLeases();
  const { session } = enter("ada", ["admin"]);
  lifecycle.end(session, "removed");
  lifecycle.lease(session, session.identity, new Set(["admin"]), NOW_MS);
  assert.equal(registry.byRole("admin").size, 0);
});

test("Lifecycle.endAll() has all sessions over before the application is told of the first", () => {
  const { registry, presence, clock } = testLeases();
  const sessions = ["ada", "eve"].map((subject) => recordedSession(subject, []).session);
  const told: unknown[] = [];
  const lifecycle = new Lifecycle<Role>({
    registry,
    presence,
    clock,
    audit: () => undefined,
    ended: ({ subject }) => void told.push([subject, ...sessions.map(({ end }) => end), registry.size]),
  });
  for (const session of sessions) lifecycle.admit(session);
  lifecycle.endAll(sessions, "revoked");
  assert.deepEqual(told, [["ada", "revoked", "revoked", 0], ["eve", "revoked", "revoked", 0]]);
});
