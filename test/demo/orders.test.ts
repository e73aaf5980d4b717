import assert from "node:assert/strict";
import { test } from "node:test";
import { type OrderedGate, Orders } from "../../src/demo/orders.ts";

const NOW_MS = 1_800_000_000_000;
const LIVE_MS = 60_000;
const KICK = { kind: "kick" } as const;

/** A gate that writes down what it is told. */
function gate(): OrderedGate & { readonly told: unknown[] } {
  const told: unknown[] = [];
  return {
    told,
    revoke: (target) => told.push(target),
    setRoles: (subject, roles) => told.push([subject, ...roles]),
  };
}

test("Orders.give() carries an order out, and Orders.giveAll() gives the next gate all of them again", () => {
  const [orders, first, second] = [new Orders(LIVE_MS), gate(), gate()];
  assert.equal(orders.give(first, "gus", KICK, NOW_MS), 1);
  assert.equal(orders.give(first, "mia", { kind: "role", role: "guest" }, NOW_MS), 2);
  assert.equal(orders.give(first, "mia", { kind: "role", role: "member" }, NOW_MS), 3);
  assert.deepEqual(first.told, [{ subject: "gus" }, ["mia", "guest"], ["mia", "member"]]);
  orders.giveAll(second, NOW_MS + LIVE_MS - 1);
  assert.deepEqual(second.told, [{ subject: "gus" }, ["mia", "member"]]);
});

test("Orders.giveAll() gives no order about tokens that have all ended", () => {
  const [orders, next] = [new Orders(LIVE_MS), gate()];
  orders.give(gate(), "gus", KICK, NOW_MS);
  orders.giveAll(next, NOW_MS + LIVE_MS);
  assert.deepEqual(next.told, []);
});

test("Orders.giveAll() has everybody sign in anew after an order too many, and for as long as that one matters", () => {
  const orders = new Orders(LIVE_MS);
  for (let i = 0; i < 1_000; i++) orders.give(gate(), `subject-${i}`, KICK, NOW_MS);
  const [full, over, later] = [gate(), gate(), gate()];
  orders.giveAll(full, NOW_MS);
  assert.equal(full.told.length, 1_000);
  orders.give(gate(), "one-too-many", KICK, NOW_MS + 1);
  orders.giveAll(over, NOW_MS + LIVE_MS);
  assert.deepEqual(over.told, [{ issuedBefore: NOW_MS + LIVE_MS }]);
  orders.giveAll(later, NOW_MS + LIVE_MS + 1);
  assert.deepEqual(later.told, []);
});
