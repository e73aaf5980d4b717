import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry, type RegistryLimits } from "../../src/session/registry.ts";
import type { Session } from "../../src/session/session.ts";
import { seededRandom } from "../support/chunkers.ts";
import { identityOf, recordedSession, type Role, ROLES } from "../support/sessions.ts";
import { NOW_MS } from "../support/tokens.ts";

function registry(limits: Partial<RegistryLimits> = {}): Registry<Role> {
  return new Registry({ maxSessions: 10, maxSessionsPerSubject: 10, maxRoomsPerSession: 3, ...limits });
}

function open(into: Registry<Role>, subject: string, roles: readonly Role[] = []): Session<Role> {
  const { session } = recordedSession(subject, roles);
  assert.equal(into.add(session).ok, true);
  return session;
}

test("Registry.noRoomFor() counts the sessions of one subject, whoever else is there", () => {
  const sessions = registry({ maxSessionsPerSubject: 2 });
  assert.equal(sessions.noRoomFor("ada"), undefined);
  const first = open(sessions, "ada");
  assert.equal(sessions.noRoomFor("ada"), undefined);
  open(sessions, "ada");
  assert.equal(sessions.noRoomFor("ada"), "sessions_of_subject");
  for (const subject of ["Ada", "eve", "__proto__", ""]) {
    assert.equal(sessions.noRoomFor(subject), undefined);
  }
  sessions.remove(first);
  assert.equal(sessions.noRoomFor("ada"), undefined);
});

test("Registry.noRoomFor() names the subject's limit before that of the server, as its sessions can be replaced", () => {
  const sessions = registry({ maxSessions: 2, maxSessionsPerSubject: 2 });
  open(sessions, "ada");
  open(sessions, "ada");
  assert.deepEqual([sessions.noRoomFor("ada"), sessions.noRoomFor("eve")], [
    "sessions_of_subject",
    "sessions",
  ]);
});

test("Registry.add() refuses a session of a subject that has too many, and keeps nothing of it", () => {
  const sessions = registry({ maxSessionsPerSubject: 1 });
  const first = open(sessions, "ada");
  const { session } = recordedSession("ada", ["admin"]);
  assert.deepEqual(sessions.add(session), { ok: false, fault: "sessions_of_subject" });
  assert.equal(sessions.byId(session.id), undefined);
  assert.deepEqual([[...sessions.bySubject("ada")], sessions.byRole("admin").size, sessions.size], [
    [first],
    0,
    1,
  ]);
});

test("Registry.bySubject() and all() list the oldest first", () => {
  const sessions = registry();
  const [one, other, two] = [open(sessions, "ada"), open(sessions, "eve"), open(sessions, "ada")];
  const three = open(sessions, "ada");
  sessions.setLease(one, identityOf("ada"), new Set(["admin"]), NOW_MS);
  assert.deepEqual([...sessions.bySubject("ada")], [one, two, three]);
  assert.deepEqual([...sessions.all()], [one, other, two, three]);
  assert.deepEqual([...sessions.subjects()], ["ada", "eve"]);
});

test("Registry.subjects() lists each subject once, for as long as it has a session", () => {
  const sessions = registry();
  const [one, two] = [open(sessions, "ada"), open(sessions, "ada")];
  assert.deepEqual([...sessions.subjects()], ["ada"]);
  sessions.remove(one);
  assert.deepEqual([...sessions.subjects()], ["ada"]);
  sessions.remove(two);
  assert.deepEqual([...sessions.subjects()], []);
});

test("Registry.setLease() gives a session another identity, and has it found by its present roles", () => {
  const sessions = registry();
  const ada = open(sessions, "ada", ["member", "admin"]);
  const eve = open(sessions, "eve", ["admin"]);
  sessions.join(ada, "lobby");
  const identity = identityOf("ada", { tokenId: "t2", expiresAtMs: NOW_MS + 5 });
  sessions.setLease(ada, identity, new Set(["member", "guest"]), NOW_MS + 1);
  assert.deepEqual([ada.identity, [...ada.roles], ada.leasedAtMs, ada.expiresAtMs], [
    identity,
    ["member", "guest"],
    NOW_MS + 1,
    NOW_MS + 5,
  ]);
  assert.deepEqual(ROLES.map((role) => [...sessions.byRole(role)]), [[ada], [ada], [eve]]);
  assert.deepEqual([[...sessions.bySubject("ada")], [...sessions.byRoom("lobby")]], [[ada], [ada]]);
  sessions.remove(ada);
  assert.deepEqual(ROLES.map((role) => [...sessions.byRole(role)]), [[], [], [eve]]);
});

test("Registry.setLease() keeps no empty set when the last session of a role loses it", () => {
  const sessions = registry();
  const nobody = sessions.byRole("guest");
  const ada = open(sessions, "ada", ["admin"]);
  sessions.setLease(ada, identityOf("ada"), new Set(), NOW_MS);
  assert.equal(sessions.byRole("admin"), nobody);
});

for (const seed of [1, 2, 3]) {
  test(`Registry.setLease() keeps the index of roles in step, in 1,000 random steps (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const upTo = (count: number) => Math.floor(random() * count);
    const some = (): Role[] => ROLES.filter(() => random() < 0.5);
    const sessions = registry({ maxSessions: 8 });
    let members: Session<Role>[] = [];
    for (let step = 0; step < 1_000; step++) {
      const chosen = members[upTo(members.length)];
      const choice = random();
      if (choice < 0.3 && sessions.noRoomFor("ada") === undefined) {
        members.push(open(sessions, "ada", some()));
      } else if (choice < 0.45 && chosen !== undefined) {
        sessions.remove(chosen);
        members = members.filter((member) => member !== chosen);
      } else if (chosen !== undefined) {
        sessions.setLease(chosen, identityOf("ada"), new Set(some()), NOW_MS);
      }
      for (const role of ROLES) {
        const wanted = members.filter((member) => member.roles.has(role));
        assert.deepEqual(new Set(sessions.byRole(role)), new Set(wanted));
      }
    }
  });
}

test("Registry.leave() refuses a stranger, and a session that has the id of another", () => {
  const sessions = registry();
  const { session: ada } = recordedSession("ada", [], { id: "s1" });
  sessions.add(ada);
  sessions.join(ada, "lobby");
  const { session: twin } = recordedSession("ada", [], { id: "s1" });
  twin.enter("lobby");
  const { session: stranger } = recordedSession("eve", []);
  stranger.enter("lobby");
  assert.deepEqual([twin, stranger].map((session) => sessions.leave(session, "lobby")), [false, false]);
  assert.deepEqual([[...sessions.byRoom("lobby")], [...ada.rooms], [...twin.rooms]], [[ada], ["lobby"], [
    "lobby",
  ]]);
  sessions.remove(ada);
  assert.equal(sessions.leave(ada, "lobby"), false);
});
