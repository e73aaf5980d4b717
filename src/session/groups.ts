/**
 * Sending to chosen groups: everyone, a role, a subject, a room, one session. Who receives is decided for each session
 * by the table, at the moment of sending; the frame is encoded once for all.
 *
 * @module
 */

import { type PermissionTable, refusedBy } from "../auth/permission.ts";
import { validate } from "../auth/validator.ts";
import { PortcullisError } from "../base/errors.ts";
import { encodeClosePayload } from "../protocol/close.ts";
import { type SharedMessage, shareMessage } from "../protocol/shared_message.ts";
import { encodeDelivery } from "./envelope.ts";
import type { Registry } from "./registry.ts";
import type { Session } from "./session.ts";

/** Whom a message is for. Being named is not enough: the table must allow each of them to read it. */
export type Recipients<Role extends string> =
  | "everyone"
  | ExactlyOne<{ role: Role; subject: string; room: string; session: string }>;

/** Exactly one of several properties: two at once would compile otherwise, and one of them, perhaps the narrower, be ignored. */
export type ExactlyOne<Choices> = {
  [Chosen in keyof Choices]:
    & { readonly [Name in Chosen]: Choices[Chosen] }
    & { readonly [Name in Exclude<keyof Choices, Chosen>]?: never };
}[keyof Choices];

/** Ends a session: from now on it is in no group, and none of its messages is handled. */
export type EndSession<Role extends string, Data> = (
  session: Session<Role, Data>,
  code: number,
  reason: string,
) => void;

/** Sends what the server has to say. */
export class Groups<Role extends string, Send extends object, Data = unknown> {
  readonly #table: PermissionTable<Role, object, Send>;
  readonly #registry: Registry<Role, Data>;
  readonly #now: () => number;
  readonly #endSession: EndSession<Role, Data>;

  /**
   * Made by a gate.
   *
   * @param table Says who may read what.
   * @param registry Says who is there.
   * @param now The time, in milliseconds since the Unix epoch.
   * @param endSession Ends one of them.
   */
  constructor(
    table: PermissionTable<Role, object, Send>,
    registry: Registry<Role, Data>,
    now: () => number,
    endSession: EndSession<Role, Data>,
  ) {
    this.#table = table;
    this.#registry = registry;
    this.#now = now;
    this.#endSession = endSession;
  }

  /**
   * Sends a message to a group.
   *
   * @param to Whom it is for.
   * @param type A row of `send` in the table.
   * @param data Its data.
   * @returns How many sessions it was sent to.
   * @throws {PortcullisError} `invalid_delivery` when the type has no row, or the data does not satisfy it: what the
   * server says is the caller's responsibility. Whatever a `when` throws; sessions before it have been served.
   */
  send<Type extends keyof Send & string>(to: Recipients<Role>, type: Type, data: Send[Type]): number {
    const row = this.#table.send.get(type);
    if (row === undefined) {
      throw new PortcullisError("invalid_delivery", `The table has no row to send "${type}".`);
    }
    const valid = validate(row.data, data);
    if (!valid.ok) {
      throw new PortcullisError("invalid_delivery", `The data of "${type}" does not satisfy its row.`);
    }
    const nowMs = this.#now();
    let message: SharedMessage | undefined;
    let sent = 0;
    for (const session of this.#named(to)) {
      if (refusedBy(row, session, nowMs) !== undefined) continue;
      if (row.when !== undefined && row.when(session, valid.value) !== true) continue;
      message ??= shareMessage(encodeDelivery(type, valid.value));
      if (session.sender.sendShared(message)) sent++;
    }
    return sent;
  }

  /**
   * Ends the sessions of a group, at once: when this returns, none of their messages is handled any more, and nothing is
   * sent to them. Their tokens stay good; {@link Leases.revoke} sees to those too.
   *
   * @param to Whom.
   * @param code The status code: that of `CLOSE.forbidden` tells a client to stop, that of `CLOSE.restart` to come back.
   * @param reason What the peer is told, at most 123 bytes of UTF-8.
   * @returns How many sessions were ended.
   * @throws {PortcullisError} `invalid_argument` for a code or reason that cannot be sent, also to an empty group.
   */
  close(to: Recipients<Role>, code: number, reason: string): number {
    encodeClosePayload(code, reason);
    const members = this.members(to);
    for (const session of members) this.#endSession(session, code, reason);
    return members.length;
  }

  /**
   * Puts a session into a room.
   *
   * @returns Whether it is in the room now; `false` when it is closed, has too many rooms, or the name has not 1 to 128
   * characters.
   */
  join(session: Session<Role>, room: string): boolean {
    return this.#registry.join(session, room);
  }

  /** Takes a session out of a room. @returns Whether it was in there. */
  leave(session: Session<Role>, room: string): boolean {
    return this.#registry.leave(session, room);
  }

  /**
   * Lists the sessions of a group.
   *
   * @param to Whom.
   * @returns The sessions that are open now, whatever they may read; later changes do not show in it.
   */
  members(to: Recipients<Role>): Session<Role, Data>[] {
    return [...this.#named(to)];
  }

  #named(to: Recipients<Role>): Iterable<Session<Role, Data>> {
    if (to === "everyone") return this.#registry.all();
    const { role, subject, room, session: id } = to;
    if (role !== undefined) return this.#registry.byRole(role);
    if (subject !== undefined) return this.#registry.bySubject(subject);
    if (room !== undefined) return this.#registry.byRoom(room);
    const session = id === undefined ? undefined : this.#registry.byId(id);
    return session === undefined ? [] : [session];
  }
}
