import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NOT_LISTED, Roster } from "../../src/base/roster.ts";

class Guest {
  rosterIndex = NOT_LISTED;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

function rosterOf(...names: string[]) {
  const roster = new Roster<Guest>();
  const guests = names.map((name) => new Guest(name));
  for (const guest of guests) roster.add(guest);
  const there = () => roster.list().map(({ name }) => name).sort();
  return { roster, guests, there };
}

describe("Roster()", () => {
  test("lists who was added and not deleted", () => {
    const { roster, guests: [ada, , eve], there } = rosterOf("ada", "bob", "eve");
    assert.deepEqual(there(), ["ada", "bob", "eve"]);
    roster.delete(ada as Guest);
    assert.deepEqual(there(), ["bob", "eve"]);
    roster.delete(eve as Guest);
    assert.deepEqual(there(), ["bob"]);
    assert.equal(roster.size, 1);
  });

  test("has each member once, however often it is added or deleted", () => {
    const { roster, guests: [ada, bob], there } = rosterOf("ada", "bob");
    roster.add(ada as Guest);
    assert.equal(roster.size, 2);
    roster.delete(ada as Guest);
    roster.delete(ada as Guest);
    assert.deepEqual(there(), ["bob"]);
    roster.add(ada as Guest);
    assert.deepEqual(there(), ["ada", "bob"]);
    roster.delete(bob as Guest);
    assert.deepEqual(there(), ["ada"]);
  });

  test("agrees with a set, whoever comes and goes", () => {
    const { roster, guests, there } = rosterOf(..."abcdefghijklmnop");
    const expected = new Set(guests);
    for (let step = 0; step < 1_000; step++) {
      const guest = guests[(step * 7 + (step >> 3)) % guests.length] as Guest;
      if (step % 3 === 0) {
        roster.add(guest);
        expected.add(guest);
      } else {
        roster.delete(guest);
        expected.delete(guest);
      }
      assert.equal(roster.size, expected.size);
      assert.deepEqual(there(), [...expected].map(({ name }) => name).sort());
    }
  });

  test("lists those of one moment: whoever goes through them may delete", () => {
    const { roster, guests } = rosterOf("ada", "bob", "eve");
    const met = roster.list();
    for (const guest of met) roster.delete(guest);
    assert.deepEqual(met, guests);
    assert.equal(roster.size, 0);
  });

  test("knows nobody by a place that another has taken", () => {
    const { roster, guests: [ada, bob], there } = rosterOf("ada", "bob");
    roster.delete(ada as Guest);
    assert.equal(bob?.rosterIndex, 0);
    assert.equal(ada?.rosterIndex, NOT_LISTED);
    roster.delete(ada as Guest);
    assert.deepEqual(there(), ["bob"]);
  });
});
