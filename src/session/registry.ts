/**
 * Who is connected: every open session, found by id, subject, role or room.
 *
 * The naive registry is a map from token to connection. Two tabs share a token: the second overwrites the first, and when
 * either closes, the other is forgotten. Here each session is an entry of its own, and it is removed by identity: what is
 * deleted is this very object, never "whatever stands under this name by now".
 *
 * @module
 */

import type { Identity } from "../auth/claims.ts";
import type { Limits } from "../base/limits.ts";
import { OneOrMany } from "../base/one_or_many.ts";
import { fault, ok, type Result } from "../base/result.ts";
import type { Session } from "./session.ts";

/** The limits on a registry. */
export type RegistryLimits = Pick<Limits, "maxSessions" | "maxSessionsPerSubject" | "maxRoomsPerSession">;

/** Why there is no room for another session. */
export type NoRoom = "sessions" | "sessions_of_subject";

/** The longest name of a room, in characters. */
export const MAX_ROOM_LENGTH = 128;

/** Every open session of a server. */
export class Registry<Role extends string = string, Data = unknown> {
  readonly #limits: RegistryLimits;
  readonly #byId = new Map<string, Session<Role, Data>>();
  readonly #bySubject = new OneOrMany<Session<Role, Data>>();
  readonly #byRole = new Map<Role, Set<Session<Role, Data>>>();
  readonly #byRoom = new Map<string, Set<Session<Role, Data>>>();

  /** @param limits How many sessions, how many of one subject, and how many rooms in each. */
  constructor(limits: RegistryLimits) {
    this.#limits = limits;
  }

  /** How many sessions are open. */
  get size(): number {
    return this.#byId.size;
  }

  /**
   * Tells whether there is room for another session.
   *
   * @param subject Whose.
   * @returns Why not, or `undefined`.
   */
  noRoomFor(subject: string): NoRoom | undefined {
    if (this.countOf(subject) >= this.#limits.maxSessionsPerSubject) return "sessions_of_subject";
    return this.#byId.size >= this.#limits.maxSessions ? "sessions" : undefined;
  }

  /**
   * Adds a session.
   *
   * @param session Not in the registry yet, with an id that no other has.
   * @returns Why there is no room for it.
   */
  add(session: Session<Role, Data>): Result<Session<Role, Data>, NoRoom> {
    const full = this.noRoomFor(session.subject);
    if (full !== undefined) return fault(full);
    this.#byId.set(session.id, session);
    this.#bySubject.add(session.subject, session);
    for (const role of session.roles) addTo(this.#byRole, role, session);
    return ok(session);
  }

  /**
   * Forgets a session, from every index.
   *
   * @param session This very object; another session of the same subject stays.
   * @returns Whether it was there.
   */
  remove(session: Session<Role, Data>): boolean {
    // #region remove_by_identity
    if (this.#byId.get(session.id) !== session) return false;
    this.#byId.delete(session.id);
    this.#bySubject.delete(session.subject, session);
    for (const role of session.roles) removeFrom(this.#byRole, role, session);
    for (const room of session.rooms) removeFrom(this.#byRoom, room, session);
    return true;
    // #endregion
  }

  /**
   * Gives a session another lease, and keeps the index of roles in step.
   *
   * @param session In the registry.
   * @param identity What the lease rests on; of the same subject.
   * @param roles What it may do from now on.
   * @param leasedAtMs When the lease began.
   */
  setLease(
    session: Session<Role, Data>,
    identity: Identity,
    roles: ReadonlySet<Role>,
    leasedAtMs: number,
  ): void {
    for (const role of session.roles) if (!roles.has(role)) removeFrom(this.#byRole, role, session);
    session.setLease(identity, roles, leasedAtMs);
    for (const role of roles) addTo(this.#byRole, role, session);
  }

  /** @returns The session of this id, if it is open. */
  byId(id: string): Session<Role, Data> | undefined {
    return this.#byId.get(id);
  }

  /** @returns The open sessions of a subject, the oldest first: each tab and device has one. Later changes do not show. */
  bySubject(subject: string): ReadonlySet<Session<Role, Data>> {
    return this.#bySubject.of(subject);
  }

  /** @returns How many open sessions a subject has. */
  countOf(subject: string): number {
    return this.#bySubject.countOf(subject);
  }

  /** @returns The subjects that have an open session. */
  subjects(): IterableIterator<string> {
    return this.#bySubject.keys();
  }

  /** @returns The open sessions that have a role. */
  byRole(role: Role): ReadonlySet<Session<Role, Data>> {
    return this.#byRole.get(role) ?? nobody;
  }

  /** @returns The open sessions in a room. */
  byRoom(room: string): ReadonlySet<Session<Role, Data>> {
    return this.#byRoom.get(room) ?? nobody;
  }

  /** @returns All open sessions, the oldest first. */
  all(): IterableIterator<Session<Role, Data>> {
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
    const member = this.#byId.get(session.id);
    if (member === undefined || member !== session) return false;
    if (member.rooms.has(room)) return true;
    if (room.length === 0 || room.length > MAX_ROOM_LENGTH) return false;
    if (member.rooms.size >= this.#limits.maxRoomsPerSession) return false;
    member.enter(room);
    addTo(this.#byRoom, room, member);
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
    const member = this.#byId.get(session.id);
    if (member === undefined || member !== session || !member.rooms.has(room)) return false;
    member.exit(room);
    removeFrom(this.#byRoom, room, member);
    return true;
  }
}

const nobody: ReadonlySet<never> = new Set<never>();

function addTo<Key, Member>(index: Map<Key, Set<Member>>, key: Key, member: Member): void {
  const members = index.get(key);
  if (members === undefined) index.set(key, new Set([member]));
  else members.add(member);
}

/** An index keeps no empty sets: names of rooms come from outside, and would pile up. */
function removeFrom<Key, Member>(index: Map<Key, Set<Member>>, key: Key, member: Member): void {
  const members = index.get(key);
  if (members?.delete(member) === true && members.size === 0) index.delete(key);
}
