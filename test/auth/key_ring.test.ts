import assert from "node:assert/strict";
import { test } from "node:test";
import { type HmacKey, hmacKey } from "../../src/auth/key.ts";
import { findKey, KeyRing, type KeyRingOptions, keySourceOf } from "../../src/auth/key_ring.ts";
import { verifyToken } from "../../src/auth/token.ts";
import { jws, NOW_MS, SECRET } from "../support/tokens.ts";

const [A, B, C] = ["a", "b", "c"].map((id, at) => hmacKey(SECRET.map((byte) => byte ^ at), { id })) as [
  HmacKey,
  HmacKey,
  HmacKey,
];
const BARE = hmacKey(SECRET);

function refuses(make: () => unknown): void {
  assert.throws(make, { name: "PortcullisError", code: "invalid_argument" });
}

test("KeyRing.keyFor() finds the current key at any time, and no other", () => {
  const ring = new KeyRing({ current: A });
  for (const nowMs of [0, NOW_MS, 8.64e15]) assert.equal(ring.keyFor("a", nowMs), A);
  for (const id of ["b", "A", "", "a ", "__proto__", "constructor", undefined]) {
    assert.equal(ring.keyFor(id, NOW_MS), undefined);
  }
  assert.equal(ring.current, A);
});

test("KeyRing.keyFor() finds the previous key until its time is over, and not at that very moment", () => {
  const ring = new KeyRing({ current: B, previous: A, previousValidUntilMs: NOW_MS });
  assert.equal(ring.keyFor("a", NOW_MS - 1), A);
  assert.equal(ring.keyFor("a", NOW_MS), undefined);
  assert.equal(ring.keyFor("a", NOW_MS + 1), undefined);
  // A clock that tells nothing lets nobody in.
  assert.equal(ring.keyFor("a", NaN), undefined);
  assert.equal(ring.keyFor("b", NOW_MS + 1), B);
});

test("KeyRing finds a key without an id for a token without one, and for no other", () => {
  const ring = new KeyRing({ current: A, previous: BARE, previousValidUntilMs: NOW_MS + 1 });
  assert.equal(ring.keyFor(undefined, NOW_MS), BARE);
  assert.equal(ring.keyFor("a", NOW_MS), A);
  const only = new KeyRing({ current: A });
  assert.deepEqual([only.keyFor(undefined, NOW_MS), only.validUntilMs(undefined)], [undefined, -Infinity]);
});

test("KeyRing.validUntilMs() tells how long each key vouches", () => {
  const ring = new KeyRing({ current: B, previous: A, previousValidUntilMs: NOW_MS });
  assert.deepEqual(["b", "a", "c", undefined].map((id) => ring.validUntilMs(id)), [
    Infinity,
    NOW_MS,
    -Infinity,
    -Infinity,
  ]);
});

test("KeyRing.rotate() keeps the old key for a while, and forgets the one before it", () => {
  const ring = new KeyRing({ current: A });
  ring.rotate(B, { previousValidUntilMs: NOW_MS + 10 });
  assert.deepEqual([ring.current, ring.keyFor("b", NOW_MS), ring.keyFor("a", NOW_MS)], [B, B, A]);
  ring.rotate(C, { previousValidUntilMs: NOW_MS + 20 });
  assert.deepEqual([ring.keyFor("c", NOW_MS), ring.keyFor("b", NOW_MS + 19)], [C, B]);
  assert.deepEqual([ring.keyFor("b", NOW_MS + 20), ring.keyFor("a", NOW_MS)], [undefined, undefined]);
  assert.deepEqual([ring.validUntilMs("b"), ring.validUntilMs("a")], [NOW_MS + 20, -Infinity]);
});

test("KeyRing.rotate() withdraws a key that has leaked at once", () => {
  const ring = new KeyRing({ current: A });
  ring.rotate(B, { previousValidUntilMs: NOW_MS });
  assert.equal(ring.keyFor("a", NOW_MS), undefined);
});

test("KeyRing.rotate() tells all who watch, when the new times hold", () => {
  const ring = new KeyRing({ current: A });
  const told: unknown[] = [];
  for (const name of ["first", "second"]) {
    ring.watch(() => told.push([name, ring.current.id, ring.validUntilMs("a")]));
  }
  assert.deepEqual(told, []);
  ring.rotate(B, { previousValidUntilMs: NOW_MS });
  assert.deepEqual(told, [["first", "b", NOW_MS], ["second", "b", NOW_MS]]);
  refuses(() => ring.rotate(B, { previousValidUntilMs: NOW_MS }));
  assert.equal(told.length, 2);
});

test("KeyRing.watch() tells no more once it is ended, and still those who watch with the same function", () => {
  const ring = new KeyRing({ current: A });
  let told = 0;
  const [unwatch] = [ring.watch(() => told++), ring.watch(() => told++)];
  const listener = () => void (told += 10);
  const [first] = [ring.watch(listener), ring.watch(listener)];
  unwatch();
  first();
  first();
  ring.rotate(B, { previousValidUntilMs: NOW_MS });
  assert.equal(told, 11);
});

const WRONG: Readonly<Record<string, unknown>> = {
  "two keys of one id": { current: A, previous: hmacKey(SECRET, { id: "a" }), previousValidUntilMs: NOW_MS },
  "two keys without an id": { current: BARE, previous: hmacKey(SECRET), previousValidUntilMs: NOW_MS },
  "a previous key without an end": { current: B, previous: A },
  "a previous key with an end that is no time": { current: B, previous: A, previousValidUntilMs: NaN },
};

for (const [name, options] of Object.entries(WRONG)) {
  test(`KeyRing() throws for ${name}`, () => refuses(() => new KeyRing(options as KeyRingOptions)));
}

test("KeyRing.rotate() throws, and changes nothing, for the same id or a time that is none", () => {
  const ring = new KeyRing({ current: A });
  refuses(() => ring.rotate(hmacKey(SECRET, { id: "a" }), { previousValidUntilMs: NOW_MS + 1 }));
  refuses(() => ring.rotate(B, { previousValidUntilMs: NaN }));
  refuses(() => ring.rotate(B, {} as { previousValidUntilMs: number })); // As JavaScript may call it.
  assert.deepEqual([ring.current, ring.keyFor("b", 0), ring.keyFor("a", 0)], [A, undefined, A]);
});

test("keySourceOf() makes a source of a list, of which all verify for ever", () => {
  const source = keySourceOf([A, B, BARE]);
  assert.deepEqual(["a", "b", undefined, "c", ""].map((id) => source.keyFor(id, NOW_MS)), [
    A,
    B,
    BARE,
    undefined,
    undefined,
  ]);
  assert.deepEqual(["a", undefined, "c", "__proto__"].map((id) => source.validUntilMs(id)), [
    Infinity,
    Infinity,
    -Infinity,
    -Infinity,
  ]);
  source.watch(() => assert.fail("a list does not change"))();
});

test("keySourceOf() takes a copy of a list, and a source as it is", () => {
  const list = [A];
  const source = keySourceOf(list);
  list.push(B);
  assert.equal(source.keyFor("b", NOW_MS), undefined);
  const ring = new KeyRing({ current: A });
  assert.equal(keySourceOf(ring), ring);
});

test("keySourceOf() throws for no keys, forgotten keys and two of one id", () => {
  for (const keys of [[], undefined, [A, B, A], [BARE, BARE]]) refuses(() => keySourceOf(keys as HmacKey[]));
});

test("findKey() finds the key of an id in a list and in a source", () => {
  for (const keys of [[A, BARE], keySourceOf([A, BARE])]) {
    assert.equal(findKey(keys, "a", NOW_MS), A);
    assert.equal(findKey(keys, undefined, NOW_MS), BARE);
    assert.equal(findKey(keys, "b", NOW_MS), undefined);
  }
  const ring = new KeyRing({ current: B, previous: A, previousValidUntilMs: NOW_MS });
  assert.deepEqual([findKey(ring, "a", NOW_MS - 1), findKey(ring, "a", NOW_MS)], [A, undefined]);
});

test("verifyToken() tries no key of a ring but the one that the token names, before and after a rotation", () => {
  const ring = new KeyRing({ current: A });
  const policy = { keys: ring, audience: "chat" };
  const verdict = (kid: string, secret: Uint8Array) => {
    const result = verifyToken(jws({ header: { alg: "HS256", kid }, secret }), policy, NOW_MS);
    return result.ok ? result.value.keyId : result.fault;
  };
  const [ofA, ofB] = [SECRET, SECRET.map((byte) => byte ^ 1)];
  assert.deepEqual([verdict("a", ofA), verdict("b", ofB), verdict("b", ofA)], [
    "a",
    "unknown_key",
    "unknown_key",
  ]);
  ring.rotate(B, { previousValidUntilMs: NOW_MS + 1 });
  assert.deepEqual([verdict("a", ofA), verdict("b", ofB), verdict("b", ofA), verdict("a", ofB)], [
    "a",
    "b",
    "signature",
    "signature",
  ]);
  ring.rotate(C, { previousValidUntilMs: NOW_MS });
  assert.deepEqual([verdict("a", ofA), verdict("b", ofB)], ["unknown_key", "unknown_key"]);
});
