import assert from "node:assert/strict";
import { test } from "node:test";
import { type HmacKey, hmacKey } from "../../src/auth/key.ts";
import { KeyRing } from "../../src/auth/key_ring.ts";
import { SESSION_ENDS } from "../../src/session/session_end.ts";
import { testLeases } from "../support/session_leases.ts";
import { CLAIMS, jws, KEY, NOW, NOW_MS, SECRET } from "../support/tokens.ts";

const EXPIRED = { code: 3000, reason: SESSION_ENDS.expired.tells };
const WITHDRAWN = { code: 3000, reason: SESSION_ENDS.key_withdrawn.tells };

/** Leases whose keys are a ring: "old" is current. */
function ringed() {
  const [old, next, last] = ["old", "next", "last"].map((id) => hmacKey(SECRET, { id })) as [
    HmacKey,
    HmacKey,
    HmacKey,
  ];
  const ring = new KeyRing({ current: old });
  return { ...testLeases({ keys: ring }), ring, next, last };
}

test("Leases end with the key that vouches for them, and tell so when the key is replaced", () => {
  const { enter, clock, ring, next, audit } = ringed();
  const [long, short] = [
    enter("ada", ["member"], { keyId: "old", expiresAtMs: NOW_MS + 60_000 }),
    enter("eve", ["member"], { keyId: "old", expiresAtMs: NOW_MS + 20_000 }),
  ];
  ring.rotate(next, { previousValidUntilMs: NOW_MS + 30_000 });
  assert.deepEqual(long.sender.replies, [
    { type: "auth.changed", data: { roles: ["member"], expiresAt: NOW_MS + 30_000 } },
  ]);
  // Whoever is gone by then anyhow has nothing to be told.
  assert.deepEqual(short.sender.texts, []);
  clock.advance(24_000);
  assert.deepEqual(long.sender.replies.at(-1), {
    type: "auth.expiring",
    data: { expiresAt: NOW_MS + 30_000 },
  });
  clock.advance(5_999);
  assert.deepEqual([long.sender.open, short.sender.closes], [true, [EXPIRED]]);
  clock.advance(1);
  assert.deepEqual(long.sender.closes, [EXPIRED]);
  assert.deepEqual(audit.map(({ subject, atMs }) => [subject, atMs - NOW_MS]), [["eve", 20_000], [
    "ada",
    30_000,
  ]]);
});

test("Leases end at once with 3000 when their key is withdrawn, and others stay", () => {
  const { enter, ring, next, last, registry, told } = ringed();
  const old = enter("ada", ["member"], { keyId: "old" });
  ring.rotate(next, { previousValidUntilMs: NOW_MS });
  assert.deepEqual([old.sender.texts, old.sender.closes], [[], [WITHDRAWN]]);
  assert.deepEqual(told, ["ada present", "ada key_withdrawn"]);
  const young = enter("eve", ["member"], { keyId: "next" });
  ring.rotate(last, { previousValidUntilMs: Infinity });
  assert.deepEqual([young.sender.texts, young.sender.open, registry.size], [[], true, 1]);
});

test("Leases.keysChanged() changes nothing for keys that stay", () => {
  const { enter, leases } = testLeases({ keys: [KEY] });
  const { sender } = enter("ada", ["member"]);
  leases.keysChanged();
  assert.deepEqual([sender.texts, sender.open], [[], true]);
});

test("Leases keep the roles that were changed when their key is replaced", () => {
  const { enter, leases, ring, next } = ringed();
  const { session } = enter("ada", ["admin"], { keyId: "old" });
  leases.setRoles("ada", ["guest"]);
  ring.rotate(next, { previousValidUntilMs: NOW_MS + 1_000 });
  assert.deepEqual([[...session.roles], session.expiresAtMs], [["guest"], NOW_MS + 1_000]);
});

test("Leases.revoke() of a token is remembered until the token ends, when its key ended sooner and is put back", () => {
  const { enter, leases, door, ring, next, clock } = ringed();
  const old = ring.current;
  const claims = { ...CLAIMS, jti: "t1", iat: NOW, exp: NOW + 60 };
  const token = jws({ header: { alg: "HS256", kid: "old" }, payload: claims });
  enter("ada", ["member"], { tokenId: "t1", keyId: "old", issuedAtMs: NOW_MS });
  ring.rotate(next, { previousValidUntilMs: NOW_MS + 10_000 });
  assert.equal(leases.revoke({ tokenId: "t1" }), 1);
  clock.advance(30_000);
  ring.rotate(old, { previousValidUntilMs: Infinity });
  assert.deepEqual(door.judgeToken(token, clock.now()), { ok: false, fault: "revoked" });
});
