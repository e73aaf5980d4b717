import assert from "node:assert/strict";
import { test } from "node:test";
import { testLeases } from "../support/session_leases.ts";
import { CLAIMS, jws, NOW, NOW_MS, SECRET } from "../support/tokens.ts";

/** A token of ada. */
const tokenOf = (claims: object = {}) => jws({ payload: { ...CLAIMS, ...claims } });

test("Leases.refresh() puts a session on another token: its roles, its end, its name", () => {
  const { enter, leases, registry, clock, audit } = testLeases();
  const { session, sender } = enter("ada", ["member", "admin"], { tokenId: "t1" });
  clock.advance(1_000);
  const token = tokenOf({ jti: "t2", exp: NOW + 120, roles: ["guest", "member", "root"] });
  assert.deepEqual(leases.refresh(session, token), {
    ok: true,
    value: { roles: ["guest", "member"], expiresAt: NOW_MS + 120_000 },
  });
  assert.deepEqual([session.tokenId, session.expiresAtMs, session.leasedAtMs], [
    "t2",
    NOW_MS + 120_000,
    NOW_MS + 1_000,
  ]);
  assert.deepEqual([...registry.byRole("guest"), ...registry.byRole("admin")], [session]);
  // Whoever asked is answered; nothing else is said.
  assert.deepEqual([sender.texts, sender.open], [[], true]);
  assert.deepEqual(audit, [{
    event: "session_renewed",
    atMs: NOW_MS + 1_000,
    reason: "refresh",
    subject: "ada",
    sessionId: session.id,
    type: "auth.refresh",
  }]);
});

/** What a member is told whose lease was renewed. */
const renewed = (expiresAt: number) => ({ ok: true, value: { roles: ["member"], expiresAt } });

test("Leases.refresh() counts the notice and the end from the new lease on", () => {
  const { enter, leases, clock } = testLeases();
  const { session, sender } = enter("ada", ["member"]);
  clock.advance(50_000);
  assert.equal(sender.texts.length, 1);
  assert.deepEqual(leases.refresh(session, tokenOf({ exp: NOW + 150 })), renewed(NOW_MS + 150_000));
  clock.advance(79_999);
  assert.equal(sender.texts.length, 1);
  clock.advance(1);
  assert.deepEqual(sender.replies.at(-1), { type: "auth.expiring", data: { expiresAt: NOW_MS + 150_000 } });
  clock.advance(19_999);
  assert.equal(sender.open, true);
  clock.advance(1);
  assert.deepEqual(sender.closes.map(({ code }) => code), [3000]);
});

test("Leases.refresh() takes a token that ends sooner, and ends the session then", () => {
  const { enter, leases, clock } = testLeases();
  const { session, sender } = enter("ada", ["member"]);
  assert.deepEqual(leases.refresh(session, tokenOf({ exp: NOW + 10 })), {
    ok: true,
    value: { roles: ["member"], expiresAt: NOW_MS + 10_000 },
  });
  clock.advance(8_000);
  assert.deepEqual(sender.replies, [{ type: "auth.expiring", data: { expiresAt: NOW_MS + 10_000 } }]);
  clock.advance(2_000);
  assert.equal(session.end, "expired");
});

const BAD: Readonly<Record<string, readonly [token: string, reason: string]>> = {
  "no token at all": ["", "malformed"],
  "a token with another signature": [jws({ secret: SECRET.subarray(1) }), "signature"],
  "an unsecured token": [jws({ header: { alg: "none" } }), "algorithm"],
  "a token that is over": [tokenOf({ exp: NOW }), "expired"],
  "a token for somebody else's audience": [tokenOf({ aud: "other" }), "audience"],
  "a token of megabytes": ["x".repeat(1_000_000), "too_long"],
  "a bad token of another subject": [jws({ payload: { ...CLAIMS, sub: "eve", exp: 1 } }), "expired"],
};

for (const [name, [token, reason]] of Object.entries(BAD)) {
  test(`Leases.refresh() refuses ${name}, writes down why, and leaves the lease as it is`, () => {
    const { enter, leases, clock, audit } = testLeases();
    const { session, sender } = enter("ada", ["member"], { tokenId: "t1" });
    const { identity } = session;
    clock.advance(1_000);
    assert.deepEqual(leases.refresh(session, token), { ok: false, fault: "invalid_data" });
    assert.deepEqual([session.identity, [...session.roles], session.leasedAtMs], [
      identity,
      ["member"],
      NOW_MS,
    ]);
    const about = { subject: "ada", sessionId: session.id, type: "auth.refresh" };
    assert.deepEqual(audit, [{ event: "authn_login_fail", atMs: NOW_MS + 1_000, reason, ...about }]);
    assert.deepEqual([sender.texts, sender.open], [[], true]);
    // It ends when it would have.
    clock.advance(58_999);
    assert.equal(sender.open, true);
    clock.advance(1);
    assert.equal(session.end, "expired");
  });
}

test("Leases.refresh() refuses a good token of another subject, and takes over nothing of it", () => {
  const { enter, leases, registry, audit } = testLeases();
  const { session } = enter("ada", ["member"]);
  const token = jws({ payload: { ...CLAIMS, sub: "eve", roles: ["admin"], exp: NOW + 600 } });
  assert.deepEqual(leases.refresh(session, token), { ok: false, fault: "forbidden" });
  assert.deepEqual([session.subject, [...session.roles], session.expiresAtMs], [
    "ada",
    ["member"],
    NOW_MS + 60_000,
  ]);
  assert.deepEqual([registry.bySubject("eve").size, registry.byRole("admin").size], [0, 0]);
  assert.deepEqual(audit.map(({ event, reason, subject }) => [event, reason, subject]), [
    ["authn_login_fail", "other_subject", "ada"],
  ]);
});

test("Leases.refresh() with an older token does not bring roles back that were taken", () => {
  const { enter, leases, clock } = testLeases();
  const { session } = enter("ada", ["admin"], { issuedAtMs: NOW_MS - 10_000 });
  leases.setRoles("ada", ["guest"]);
  for (const iat of [NOW - 10, NOW - 3_600, NOW, undefined]) {
    const older = tokenOf({ roles: ["admin"], iat, exp: NOW + 600 });
    assert.deepEqual(leases.refresh(session, older), {
      ok: true,
      value: { roles: ["guest"], expiresAt: NOW_MS + 600_000 },
    });
    assert.deepEqual([...session.roles], ["guest"]);
  }
  clock.advance(5_000);
  const newer = tokenOf({ roles: ["member"], iat: NOW + 5, exp: NOW + 600 });
  assert.deepEqual(leases.refresh(session, newer), renewed(NOW_MS + 600_000));
  assert.deepEqual([...session.roles], ["member"]);
  // Behind a newer one, an older one says again what it may say: what was set.
  leases.refresh(session, tokenOf({ roles: ["admin"], iat: NOW - 10 }));
  assert.deepEqual([...session.roles], ["guest"]);
});

test("Leases.refresh() takes no token that is revoked, and keeps the session by which it is shown", () => {
  const { enter, leases, audit } = testLeases();
  const { session } = enter("ada", ["member"], { tokenId: "t1" });
  leases.revoke({ tokenId: "t2" });
  assert.deepEqual(leases.refresh(session, tokenOf({ jti: "t2" })), { ok: false, fault: "invalid_data" });
  assert.deepEqual([session.end, session.tokenId, audit.at(-1)?.reason], [undefined, "t1", "revoked"]);
});

test("Leases.revoke() reaches a session by the token it rests on now, not by the one it came with", () => {
  const { enter, leases } = testLeases();
  const { session } = enter("ada", ["member"], { tokenId: "t1" });
  leases.refresh(session, tokenOf({ jti: "t2" }));
  assert.equal(leases.revoke({ tokenId: "t1" }), 0);
  assert.equal(session.end, undefined);
  assert.equal(leases.revoke({ tokenId: "t2" }), 1);
  assert.equal(session.end, "revoked");
});

test("Leases.refresh() asks the application about the token, where it is asked about tokens, and keeps to its no", async () => {
  const asked: unknown[] = [];
  const answers: readonly ({ readonly reason: string } | undefined)[] = [
    { reason: "not_approved" },
    undefined,
  ];
  const { enter, leases, audit } = testLeases({
    approve: (session, { tokenId }) => Promise.resolve(answers[asked.push([session.subject, tokenId]) - 1]),
  });
  const { session } = enter("ada", ["member"], { tokenId: "t1" });
  const refused = await leases.refresh(session, tokenOf({ jti: "t2", exp: NOW + 120 }));
  assert.deepEqual(refused, { ok: false, fault: "forbidden" });
  assert.equal(session.tokenId, "t1");
  assert.deepEqual(
    await leases.refresh(session, tokenOf({ jti: "t3", exp: NOW + 120 })),
    renewed(NOW_MS + 120_000),
  );
  assert.equal(session.tokenId, "t3");
  assert.deepEqual(asked, [["ada", "t2"], ["ada", "t3"]]);
  assert.deepEqual(audit.map(({ event, reason }) => [event, reason]), [
    ["authn_login_fail", "not_approved"],
    ["session_renewed", "refresh"],
  ]);
});

for (
  const [reason, why, event] of [
    ["pending", "rate_limited", "excess_rate_limit_exceeded"],
    ["pending_of_subject", "rate_limited", "excess_rate_limit_exceeded"],
    ["approval_timeout", "rate_limited", "excess_rate_limit_exceeded"],
    ["approval_failed", "internal", "sys_crash"],
    ["toString", "forbidden", "authn_login_fail"],
  ] as const
) {
  test(`Leases.refresh() answers ${why} when the application has not been heard because of ${reason}`, async () => {
    const { enter, leases, audit } = testLeases({ approve: () => Promise.resolve({ reason }) });
    const { session } = enter("ada", ["member"], { tokenId: "t1" });
    assert.deepEqual(await leases.refresh(session, tokenOf({ jti: "t2" })), { ok: false, fault: why });
    assert.deepEqual([session.tokenId, audit.map((told) => [told.event, told.reason])], ["t1", [[
      event,
      reason,
    ]]]);
  });
}

test("Leases.refresh() refuses a token that was revoked while the application was asked about it", async () => {
  const { enter, leases, audit } = testLeases({
    approve: () => {
      leases.revoke({ tokenId: "t2" });
      return Promise.resolve(undefined);
    },
  });
  const { session } = enter("ada", ["member"], { tokenId: "t1" });
  const refused = await leases.refresh(session, tokenOf({ jti: "t2", exp: NOW + 120 }));
  assert.deepEqual(refused, { ok: false, fault: "invalid_data" });
  assert.deepEqual([session.tokenId, session.expiresAtMs, session.end], ["t1", NOW_MS + 60_000, undefined]);
  assert.equal(audit.at(-1)?.event, "authn_token_reuse");
});

test("Leases.refresh() renews nothing when the session has ended while the application was asked", async () => {
  const { enter, leases, lifecycle, audit } = testLeases({
    approve: (session) => {
      lifecycle.end(session, "left");
      return Promise.resolve(undefined);
    },
  });
  const { session } = enter("ada", ["member"], { tokenId: "t1" });
  const refused = await leases.refresh(session, tokenOf({ jti: "t2", exp: NOW + 120 }));
  assert.deepEqual(refused, { ok: false, fault: "forbidden" });
  assert.deepEqual([session.tokenId, audit], ["t1", []]);
});
