/**
 * Who is connected: every open session, found by id, subject, role or room.
 *
 * The naive registry is a map from token to connection. Two tabs share a token: the second overwrites the first, and when
 * either closes, the other is forgotten. Here each session is an entry of its own, and it is removed by identity: what is
 * deleted is this very object, never "whatever stands under this name by now".
 *
 * @module
 */

import { fault, ok, type Result } from "../base/result.ts";
import type { Limits } from "../base/limits.ts";
import type { Session } from "./session.ts";

/** The limits on a registry. */
export type RegistryLimits = Pick<Limits, "maxSessions" | "maxRoomsPerSession">;

/** The longest name of a room, in characters. */
export const MAX_ROOM_LENGTH = 128;

/** Every open session of a server. */
export class Registry<Role extends string = string> {
  readonly #limits: RegistryLimits;
  readonly #byId = new Map<string, Session<Role>>();
  readonly #bySubject = new Map<string, Set<Session<Role>>>();
  readonly #byRole = new Map<Role, Set<Session<Role>>>();
  readonly #byRoom = new Map<string, Set<Session<Role>>>();

  /** @param limits How many sessions, and how many rooms in each. */
  constructor(limits: RegistryLimits) {
    this.#limits = limits;
  }

  /** How many sessions are open. */
  get size(): number {
    return this.#byId.size;
  }

  /** Whether another session would be one too many. */
  get full(): boolean {
    return this.#byId.size >= this.#limits.maxSessions;
  }

  /**
   * Adds a session.
   *
   * @param session Not in the registry yet, with an id that no other has.
   * @returns `full` when there is no room for it.
   */
  add(session: Session<Role>): Result<Session<Role>, "full"> {
    if (this.full) return fault("full");
    this.#byId.set(session.id, session);
    addTo(this.#bySubject, session.subject, session);
    for (const role of session.roles) addTo(this.#byRole, role, session);
    return ok(session);
  }

  /**
   * Forgets a session, from every index.
   *
   * @param session This very object; another session of the same subject stays.
   * @returns Whether it was there.
   */
  remove(session: Session<Role>): boolean {
    if (this.#byId.get(session.id) !== session) return false;
    this.#byId.delete(session.id);
    removeFrom(this.#bySubject, session.subject, session);
    for (const role of session.roles) removeFrom(this.#byRole, role, session);
    for (const room of session.rooms) removeFrom(this.#byRoom, room, session);
    return true;
  }

  /** @returns The session of this id, if it is open. */
  byId(id: string): Session<Role> | undefined {
    return this.#byId.get(id);
  }

  /** @returns The open sessions of a subject: each tab and device has one. */
  bySubject(subject: string): ReadonlySet<Session<Role>> {
    return this.#bySubject.get(subject) ?? nobody;
  }

  /** @returns The open sessions that have a role. */
  byRole(role: Role): ReadonlySet<Session<Role>> {
    return this.#byRole.get(role) ?? nobody;
  }

  /** @returns The open sessions in a room. */
  byRoom(room: string): ReadonlySet<Session<Role>> {
    return this.#byRoom.get(room) ?? nobody;
  }

  /** @returns All open sessions, the oldest first. */
  all(): IterableIterator<Session<Role>> {
    return this.#byId.values();
  }

  /**
   * Puts a session into a room.
   *
   * @param session An open session.
   * @param room The room's name, 1 to 128 characters.
   * @returns Whether the session is in the room now; `false` when it is closed, has too many rooms, or the name is out of
   * bounds.
   */
  join(session: Session<Role>, room: string): boolean {
    if (this.#byId.get(session.id) !== session) return false;
    if (session.rooms.has(room)) return true;
    if (room.length === 0 || room.length > MAX_ROOM_LENGTH) return false;
    if (session.rooms.size >= this.#limits.maxRoomsPerSession) return false;
    session.enter(room);
    addTo(this.#byRoom, room, session);
    return true;
  }

  /**
   * Takes a session out of a room.
   *
   * @param session Any session.
   * @param room The room's name.
   * @returns Whether it was in there.
   */
  leave(session: Session<Role>, room: string): boolean {
    if (!session.rooms.has(room)) return false;
    session.exit(room);
    removeFrom(this.#byRoom, room, session);
    return true;
  }
}

const nobody: ReadonlySet<never> = new Set<never>();

function addTo<Key, Member>(index: Map<Key, Set<Member>>, key: Key, member: Member): void {
  const members = index.get(key);
  if (members === undefined) index.set(key, new Set([member]));
  else members.add(member);
}

/** An index keeps no empty sets: names of rooms and subjects come from outside, and would pile up. */
function removeFrom<Key, Member>(index: Map<Key, Set<Member>>, key: Key, member: Member): void {
  const members = index.get(key);
  if (members?.delete(member) === true && members.size === 0) index.delete(key);
}
