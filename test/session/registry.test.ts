import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_ROOM_LENGTH, Registry, type RegistryLimits } from "../../src/session/registry.ts";
import type { Session } from "../../src/session/session.ts";
import { recordedSession, type Role } from "../support/sessions.ts";

function registry(limits: Partial<RegistryLimits> = {}): Registry<Role> {
  return new Registry({ maxSessions: 10, maxSessionsPerSubject: 10, maxRoomsPerSession: 3, ...limits });
}

function open(
  into: Registry<Role>,
  subject: string,
  roles: readonly Role[] = [],
  id?: string,
): Session<Role> {
  const { session } = recordedSession(subject, roles, id === undefined ? {} : { id });
  assert.deepEqual(into.add(session), { ok: true, value: session });
  return session;
}

test("Registry.add() has the session found by id, subject, role and among all", () => {
  const sessions = registry();
  const ada = open(sessions, "ada", ["member", "admin"]);
  const eve = open(sessions, "eve", ["member"]);
  assert.equal(sessions.byId(ada.id), ada);
  assert.deepEqual([...sessions.bySubject("ada")], [ada]);
  assert.deepEqual([...sessions.byRole("member")], [ada, eve]);
  assert.deepEqual([...sessions.byRole("admin")], [ada]);
  assert.deepEqual([...sessions.all()], [ada, eve]);
  assert.equal(sessions.size, 2);
});

test("Registry finds nobody under names that nobody has", () => {
  const sessions = registry();
  open(sessions, "ada", ["member"]);
  for (const name of ["", "Ada", "__proto__", "constructor", "toString"]) {
    assert.equal(sessions.byId(name), undefined);
    assert.equal(sessions.bySubject(name).size, 0);
    assert.equal(sessions.byRoom(name).size, 0);
  }
  assert.equal(sessions.byRole("guest").size, 0);
});

test("Registry tells subjects apart that are called like a part of every object", () => {
  const sessions = registry();
  const odd = ["__proto__", "constructor", "toString"].map((subject) => open(sessions, subject));
  for (const session of odd) assert.deepEqual([...sessions.bySubject(session.subject)], [session]);
});

test("Registry.remove() forgets one session of a subject, and keeps the other with the same token", () => {
  const sessions = registry();
  const first = open(sessions, "ada", ["member"]);
  const second = open(sessions, "ada", ["member"]);
  for (const session of [first, second]) sessions.join(session, "lobby");
  assert.deepEqual([...sessions.bySubject("ada")], [first, second]);
  assert.equal(sessions.remove(first), true);
  assert.equal(sessions.byId(first.id), undefined);
  assert.equal(sessions.byId(second.id), second);
  for (const left of [sessions.bySubject("ada"), sessions.byRole("member"), sessions.byRoom("lobby")]) {
    assert.deepEqual([...left], [second]);
  }
});

test("Registry.remove() removes by identity, not whatever stands under the id", () => {
  const sessions = registry();
  const first = open(sessions, "ada", ["member"], "same id");
  sessions.remove(first);
  const second = open(sessions, "ada", ["member"], "same id");
  assert.equal(sessions.remove(first), false);
  assert.equal(sessions.byId("same id"), second);
  assert.deepEqual([...sessions.bySubject("ada")], [second]);
  assert.deepEqual([...sessions.byRole("member")], [second]);
});

test("Registry.remove() says whether the session was there", () => {
  const sessions = registry();
  const ada = open(sessions, "ada");
  assert.equal(sessions.remove(recordedSession("ada", []).session), false);
  assert.deepEqual([sessions.remove(ada), sessions.remove(ada), sessions.size], [true, false, 0]);
});

test("Registry.add() refuses one session too many, and takes it when another has left", () => {
  const sessions = registry({ maxSessions: 2 });
  const ada = open(sessions, "ada");
  assert.equal(sessions.noRoomFor("eve"), undefined);
  open(sessions, "eve");
  assert.equal(sessions.noRoomFor("bob"), "sessions");
  const { session: bob } = recordedSession("bob", ["member"]);
  assert.deepEqual(sessions.add(bob), { ok: false, fault: "sessions" });
  assert.deepEqual([sessions.size, sessions.bySubject("bob").size, sessions.byRole("member").size], [
    2,
    0,
    0,
  ]);
  sessions.remove(ada);
  assert.equal(sessions.add(bob).ok, true);
});

test("Registry.join() and leave() keep the session and the index of rooms in step", () => {
  const sessions = registry();
  const [ada, eve] = [open(sessions, "ada"), open(sessions, "eve")];
  for (const session of [ada, eve]) assert.equal(sessions.join(session, "lobby"), true);
  assert.deepEqual([...sessions.byRoom("lobby")], [ada, eve]);
  assert.deepEqual([...ada.rooms], ["lobby"]);
  assert.deepEqual([sessions.leave(ada, "lobby"), sessions.leave(ada, "lobby")], [true, false]);
  assert.deepEqual([...sessions.byRoom("lobby")], [eve]);
  assert.deepEqual([...ada.rooms], []);
});

test("Registry keeps no empty set: whoever leaves or is removed last takes the room along", () => {
  const sessions = registry();
  const ada = open(sessions, "ada", ["member"]);
  const nobody = sessions.byRoom("never");
  // The set that stands for a room without anybody is always the same; a room of its own, though empty, is not.
  sessions.join(ada, "lobby");
  assert.notEqual(sessions.byRoom("lobby"), nobody);
  sessions.leave(ada, "lobby");
  assert.equal(sessions.byRoom("lobby"), nobody);
  sessions.join(ada, "lobby");
  sessions.remove(ada);
  assert.equal(sessions.byRoom("lobby"), nobody);
  assert.deepEqual([sessions.countOf("ada"), [...sessions.subjects()]], [0, []]);
  assert.equal(sessions.byRole("member"), nobody);
  assert.equal(nobody.size, 0);
});

test("Registry.join() takes as many rooms as the limit says, and those again that it is in", () => {
  const sessions = registry({ maxRoomsPerSession: 2 });
  const ada = open(sessions, "ada");
  assert.deepEqual(["a", "b", "c", "a"].map((room) => sessions.join(ada, room)), [true, true, false, true]);
  assert.equal(sessions.byRoom("c").size, 0);
  sessions.leave(ada, "a");
  assert.equal(sessions.join(ada, "c"), true);
  const none = registry({ maxRoomsPerSession: 0 });
  assert.equal(none.join(open(none, "ada"), "a"), false);
});

test("Registry.join() takes names of rooms of 1 to 128 characters", () => {
  const sessions = registry();
  const ada = open(sessions, "ada");
  for (const room of ["a", "x".repeat(MAX_ROOM_LENGTH), "__proto__"]) {
    assert.equal(sessions.join(ada, room), true);
    assert.equal(sessions.byRoom(room).size, 1);
  }
  const other = open(sessions, "eve");
  for (const room of ["", "x".repeat(MAX_ROOM_LENGTH + 1)]) {
    assert.equal(sessions.join(other, room), false);
    assert.equal(sessions.byRoom(room).size, 0);
  }
});

test("Registry.join() refuses a session that is not open, or not this very one", () => {
  const sessions = registry();
  const ada = open(sessions, "ada", [], "s1");
  const { session: twin } = recordedSession("ada", [], { id: "s1" });
  assert.equal(sessions.join(twin, "lobby"), false);
  sessions.remove(ada);
  assert.equal(sessions.join(ada, "lobby"), false);
  assert.equal(sessions.byRoom("lobby").size, 0);
});
