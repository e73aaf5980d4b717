import assert from "node:assert/strict";
import { test } from "node:test";
import { isAmong, type Recipients, recipientsKey } from "../../src/session/recipients.ts";

const ADA = {
  id: "s1",
  subject: "ada",
  roles: new Set(["member"]),
  rooms: new Set(["lobby"]),
  expiresAtMs: 1,
};

/** Whom a message is for, and whether Ada is among them. */
const CASES: readonly (readonly [Recipients<string>, boolean])[] = [
  ["everyone", true],
  [{ role: "member" }, true],
  [{ role: "admin" }, false],
  [{ room: "lobby" }, true],
  [{ room: "member" }, false],
  [{ subject: "ada" }, true],
  [{ subject: "s1" }, false],
  [{ session: "s1" }, true],
  [{ session: "ada" }, false],
];

for (const [to, isIn] of CASES) {
  test(`isAmong() says ${isIn} of a member called ada in the lobby for ${JSON.stringify(to)}`, () => {
    assert.equal(isAmong(to, ADA), isIn);
  });
}

test("recipientsKey() is another for each group, and the same for the same", () => {
  const keys = CASES.map(([to]) => recipientsKey(to));
  assert.equal(new Set(keys).size, keys.length);
  for (const [to] of CASES) {
    assert.equal(recipientsKey(typeof to === "string" ? to : { ...to }), recipientsKey(to));
  }
  const [same, name] = ["x", "x"];
  const alike = [{ role: same }, { room: name }, { subject: same }, { session: name }] as const;
  assert.equal(new Set(alike.map(recipientsKey)).size, alike.length);
});
