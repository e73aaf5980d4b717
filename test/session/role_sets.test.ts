import assert from "node:assert/strict";
import { test } from "node:test";
import { RoleSets } from "../../src/session/role_sets.ts";

test("RoleSets.of() keeps the roles that the table knows, in its order", () => {
  const sets = new RoleSets(["guest", "member", "admin"]);
  assert.deepEqual([...sets.of(["admin", "root", "guest"])], ["guest", "admin"]);
  assert.deepEqual([...sets.of([])], []);
});

test("RoleSets.of() gives all who have the same roles the same set, and others another", () => {
  const sets = new RoleSets(["guest", "member", "admin"]);
  assert.equal(sets.of(["member", "guest"]), sets.of(["guest", "member", "root"]));
  assert.notEqual(sets.of(["guest"]), sets.of(["member"]));
});

test("RoleSets.of() keeps no more than 1,024 sets, and is right beyond them", () => {
  const roles = Array.from({ length: 11 }, (_, n) => `role-${n}`);
  const sets = new RoleSets(roles);
  const subset = (bits: number) => roles.filter((_, n) => (bits >> n & 1) === 1);
  for (let bits = 0; bits < 2_048; bits++) assert.deepEqual([...sets.of(subset(bits))], subset(bits));
  assert.equal(sets.of(subset(1_023)), sets.of(subset(1_023)));
  assert.notEqual(sets.of(subset(1_024)), sets.of(subset(1_024)));
});

test("RoleSets.of() gives a set that nobody can change for all others", () => {
  const sets = new RoleSets(["guest", "admin"]);
  const guest = sets.of(["guest"]) as Set<string>;
  for (const change of [() => guest.add("admin"), () => guest.delete("guest"), () => guest.clear()]) {
    assert.throws(change, { name: "PortcullisError", code: "invalid_state" });
  }
  assert.deepEqual([...sets.of(["guest"])], ["guest"]);
});
