import assert from "node:assert/strict";
import { test } from "node:test";
import { testLeases } from "../support/session_leases.ts";
import { seededRandom } from "../support/chunkers.ts";

const GRACE_MS = 5_000;

/** Only what is told of presence. */
function presences(graceMs = GRACE_MS, maxSessions = 1_000) {
  const made = testLeases({ limits: { presenceGraceMs: graceMs, maxSessions } });
  const { lifecycle, told } = made;
  const leave = ({ session }: ReturnType<typeof made.enter>) => lifecycle.end(session, "left");
  const news = () => told.splice(0).filter((line) => !line.endsWith(" left"));
  return { ...made, leave, news };
}

test("Presence tells of the first session of a subject, and not of the others", () => {
  const { enter, presence, news } = presences();
  assert.equal(presence.isPresent("ada"), false);
  enter("ada", []);
  assert.deepEqual(news(), ["ada present"]);
  enter("ada", []);
  enter("eve", []);
  assert.deepEqual(news(), ["eve present"]);
  assert.deepEqual(presence.subjects(), ["ada", "eve"]);
  for (const subject of ["Ada", "", "__proto__", "constructor"]) {
    assert.equal(presence.isPresent(subject), false);
  }
});

test("Presence counts the last tab, and waits for the grace time behind it", () => {
  const { enter, leave, presence, news, clock } = presences();
  const [one, two] = [enter("ada", []), enter("ada", [])];
  news();
  leave(one);
  clock.advance(GRACE_MS);
  assert.deepEqual([news(), presence.isPresent("ada")], [[], true]);
  leave(two);
  clock.advance(GRACE_MS - 1);
  assert.deepEqual([news(), presence.isPresent("ada"), presence.subjects()], [[], true, ["ada"]]);
  clock.advance(1);
  assert.deepEqual([news(), presence.isPresent("ada"), presence.subjects()], [["ada absent"], false, []]);
});

test("Presence tells nothing of a page that is reloaded in time, however often", () => {
  const { enter, leave, news, clock } = presences();
  const reload = () => enter("ada", [], { expiresAtMs: Infinity });
  let page = reload();
  assert.deepEqual(news(), ["ada present"]);
  for (let reloads = 0; reloads < 5; reloads++) {
    leave(page);
    clock.advance(GRACE_MS - 1);
    page = reload();
  }
  clock.advance(10 * GRACE_MS);
  assert.deepEqual(news(), []);
  leave(page);
  // The time begins anew with each leaving.
  clock.advance(GRACE_MS - 1);
  assert.deepEqual(news(), []);
  clock.advance(1);
  assert.deepEqual(news(), ["ada absent"]);
});

test("Presence tells of each subject at its own time", () => {
  const { enter, leave, news, clock } = presences();
  const [ada, eve] = [enter("ada", []), enter("eve", [])];
  news();
  leave(ada);
  clock.advance(2_000);
  leave(eve);
  clock.advance(3_000);
  assert.deepEqual(news(), ["ada absent"]);
  enter("ada", []);
  clock.advance(2_000);
  assert.deepEqual(news(), ["ada present", "eve absent"]);
});

test("Presence tells at once without a grace time", () => {
  const { enter, leave, presence, news, clock } = presences(0);
  for (let visits = 0; visits < 2; visits++) {
    const page = enter("ada", []);
    leave(page);
    assert.deepEqual([news(), presence.isPresent("ada")], [["ada present", "ada absent"], false]);
  }
  // The timer of the leases alone, which is over as well.
  assert.equal(clock.pending, 0);
});

test("Presence keeps in grace no more subjects than there may be sessions: one too many is gone at once", () => {
  const { enter, leave, presence, news, clock } = presences(GRACE_MS, 3);
  for (const subject of ["a", "b", "c", "d"]) leave(enter(subject, []));
  assert.deepEqual(news(), ["a present", "b present", "c present", "d present", "d absent"]);
  assert.deepEqual(presence.subjects(), ["a", "b", "c"]);
  clock.advance(GRACE_MS);
  assert.deepEqual(news().sort(), ["a absent", "b absent", "c absent"]);
  leave(enter("d", []));
  assert.deepEqual([news(), presence.isPresent("d")], [["d present"], true]);
});

test("Presence tells of those who are ended by others, too", () => {
  const { enter, leases, told, clock } = presences();
  for (let tabs = 0; tabs < 2; tabs++) enter("ada", []);
  leases.revoke({ subject: "ada" });
  clock.advance(GRACE_MS);
  assert.deepEqual(told, ["ada present", "ada revoked", "ada revoked", "ada absent"]);
});

for (const seed of [1, 2, 3]) {
  test(`Presence tells of each subject in turn, and nobody stays behind, in 2,000 random steps (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const upTo = (count: number) => Math.floor(random() * count);
    const { enter, leave, presence, news, clock } = presences();
    const inside = new Map<string, ReturnType<typeof enter>[]>();
    const told = new Map<string, string>();
    const listen = () => {
      for (const line of news()) {
        const [subject = "", state = ""] = line.split(" ");
        assert.notEqual(told.get(subject), state);
        told.set(subject, state);
      }
    };
    for (let step = 0; step < 2_000; step++) {
      const subject = `user${upTo(6)}`;
      const pages = inside.get(subject) ?? [];
      inside.set(subject, pages);
      const choice = random();
      if (choice < 0.35) pages.push(enter(subject, [], { expiresAtMs: Infinity }));
      else if (choice < 0.75) pages.splice(upTo(pages.length), 1).forEach(leave);
      else clock.advance(upTo(2 * GRACE_MS));
      listen();
      for (const [name, left] of inside) {
        if (left.length > 0) assert.equal(told.get(name), "present");
        assert.equal(presence.isPresent(name), told.get(name) === "present");
      }
    }
    for (const pages of inside.values()) pages.forEach(leave);
    clock.advance(GRACE_MS);
    listen();
    assert.deepEqual([presence.subjects(), new Set(told.values())], [[], new Set(["absent"])]);
  });
}
