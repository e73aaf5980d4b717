/**
 * Sending to chosen groups: everyone, a role, a subject, a room, one session. Who receives is decided for each session
 * by the table, at the moment of sending; the frame is encoded once for all.
 *
 * @module
 */

import type { PermissionTable } from "../auth/permission.ts";
import { validate } from "../auth/validator.ts";
import { PortcullisError } from "../base/errors.ts";
import { encodeClosePayload } from "../protocol/close.ts";
import { shareMessage } from "../protocol/shared_message.ts";
import { type Delivery, undeliveredBy } from "./delivery.ts";
import { encodeDelivery } from "./envelope.ts";
import type { Registry } from "./registry.ts";
import type { Recipients } from "./recipients.ts";
import type { Session } from "./session.ts";
import { catchUp, deliver, type DeliveryOptions } from "./slow_readers.ts";

/** Ends a session: from now on it is in no group, and none of its messages is handled. */
export type EndSession<Role extends string, Data> = (
  session: Session<Role, Data>,
  code: number,
  reason: string,
) => void;

/** What groups work with. */
export interface GroupsOptions<Role extends string, Send extends object, Data> extends DeliveryOptions {
  /** Says who may read what. */
  readonly table: PermissionTable<Role, object, Send>;
  /** Says who is there. */
  readonly registry: Registry<Role, Data>;
  /** The time, in milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** Ends one of them. */
  readonly endSession: EndSession<Role, Data>;
}

/** Sends what the server has to say. */
export class Groups<Role extends string, Send extends object, Data = unknown> {
  readonly #options: GroupsOptions<Role, Send, Data>;

  /** Made by a gate. @param options What to work with. */
  constructor(options: GroupsOptions<Role, Send, Data>) {
    this.#options = options;
  }

  /**
   * Sends a message to a group.
   *
   * @param to Whom it is for.
   * @param type A row of `send` in the table.
   * @param data Its data.
   * @returns How many sessions it was sent to, those included for which it is kept until they read again.
   * @throws {PortcullisError} `invalid_delivery` when the type has no row, or the data does not satisfy it: what the
   * server says is the caller's responsibility; `async_validator` when the row's validator answers with a promise. Whatever a `when`
   * throws; sessions before it have been served.
   */
  send<Type extends keyof Send & string>(to: Recipients<Role>, type: Type, data: Send[Type]): number {
    const options = this.#options;
    const { table, now, meter, trace } = options;
    const startedAt = meter.seconds();
    const row = table.send.get(type);
    if (row === undefined) {
      throw new PortcullisError("invalid_delivery", `The table has no row to send "${type}".`);
    }
    const valid = validate(row.data, data);
    if (!valid.ok) {
      throw new PortcullisError("invalid_delivery", `The data of "${type}" does not satisfy its row.`);
    }
    const nowMs = now();
    let delivery: Delivery | undefined;
    let sent = 0;
    // #region judge_each
    for (const session of this.#named(to)) {
      const undelivered = undeliveredBy(row, session, valid.value, nowMs);
      if (undelivered !== undefined) {
        trace?.delivery(session, type, undelivered);
        continue;
      }
      delivery ??= {
        type,
        // Its caller may use the same object for the next message, while this one is still kept.
        to: to === "everyone" ? to : { ...to },
        row,
        data: valid.value,
        message: shareMessage(encodeDelivery(type, valid.value)),
      };
      const outcome = deliver(session, delivery, options);
      if (outcome === "sent" || outcome === "kept") sent++;
    }
    // #endregion
    meter.groupSent(startedAt);
    return sent;
  }

  /** @internal Sends what was kept for a session that reads again. */
  catchUp(session: Session<Role, Data>): void {
    catchUp(session, this.#options.now(), this.#options);
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
    for (const session of members) this.#options.endSession(session, code, reason);
    return members.length;
  }

  /**
   * Puts a session into a room.
   *
   * @param session Which.
   * @param room The name, which needs no declaration: a room is there as long as somebody is in it.
   * @returns Whether it is in the room now; `false` when it is closed, has `maxRoomsPerSession` already, or the name has not 1 to 128
   * characters.
   */
  join(session: Session<Role>, room: string): boolean {
    return this.#options.registry.join(session, room);
  }

  /** Takes a session out of a room. @returns Whether it was in there. */
  leave(session: Session<Role>, room: string): boolean {
    return this.#options.registry.leave(session, room);
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
    if (to === "everyone") return this.#options.registry.all();
    const { role, subject, room, session: id } = to;
    if (role !== undefined) return this.#options.registry.byRole(role);
    if (subject !== undefined) return this.#options.registry.bySubject(subject);
    if (room !== undefined) return this.#options.registry.byRoom(room);
    const session = id === undefined ? undefined : this.#options.registry.byId(id);
    return session === undefined ? [] : [session];
  }
}
