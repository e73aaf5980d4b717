/**
 * What the demo does about each message of its table. None of them asks who may: by the time a handler runs, the table
 * has decided.
 *
 * @module
 */

import type { Groups, Handlers } from "../mod.ts";
import type { DemoRole, KeyRotation, UserList } from "./data.ts";
import type { DemoReceive, DemoSend } from "./table.ts";

/** The room in which guests listen; they cannot choose one. */
export const LOBBY = "lobby";

/** The room whose admins are sent the list of sessions whenever it changes. Members may join it, too; the table says who may read that. */
export const REGISTRY_ROOM = "registry";

/** More sessions than this, and more rooms of each, no admin reads; how many more there are, he is told. */
const MAX_LISTED = { sessions: 100, rooms: 8 };

/** What handlers have the demo do. */
export interface Operations {
  /** Somebody is in another room. */
  roomsChanged(): void;
  /** Has the tokens of a subject refused. @returns How many sessions were closed. */
  kick(subject: string): number;
  /** Gives a subject another role. @returns How many sessions have it now. */
  setRole(subject: string, role: DemoRole): number;
  /** Makes another key the current one. */
  rotateKey(): KeyRotation;
  /** Tells everybody to come back later, and begins anew. */
  drain(): void;
}

/** Lists the sessions that there are, as far as anybody reads. */
export function listUsers(groups: Groups<DemoRole, DemoSend>): UserList {
  const sessions = groups.members("everyone");
  const users = sessions.slice(0, MAX_LISTED.sessions).map((session) => {
    const rooms = [...session.rooms];
    return {
      sessionId: session.id,
      subject: session.subject,
      roles: [...session.roles],
      rooms: rooms.slice(0, MAX_LISTED.rooms),
      moreRooms: Math.max(0, rooms.length - MAX_LISTED.rooms),
      leasedAtMs: session.leasedAtMs,
      expiresAtMs: session.expiresAtMs,
      queuedBytes: session.queuedBytes,
    };
  });
  return { users, more: sessions.length - users.length };
}

/**
 * Makes a handler for each row of `receive`.
 *
 * @param operations What operators can have done.
 */
export function demoHandlers(operations: Operations): Handlers<DemoRole, DemoReceive, DemoSend> {
  return {
    "chat.join": ({ room }, { session, groups }) => {
      const joined = groups.join(session, room);
      operations.roomsChanged();
      return { room, joined };
    },

    "chat.say": ({ room, text }, { session, groups }) => ({
      delivered: groups.send({ room }, "chat.said", { room, text, from: session.subject }),
    }),

    "echo": (data) => data,

    "user.list": (_data, { groups }) => listUsers(groups),

    // Not just closed: whoever came back with the same token would not have been kicked.
    "user.kick": ({ subject }) => ({ closed: operations.kick(subject) }),

    "user.role": ({ subject, role }) => ({ changed: operations.setRole(subject, role) }),

    "admin.announce": ({ text }, { session, groups }) => ({
      delivered: groups.send({ role: "admin" }, "admin.announced", { text, from: session.subject }),
    }),

    "key.rotate": () => operations.rotateKey(),

    "server.drain": (_data, { groups }) => {
      const told = groups.members("everyone").length;
      operations.drain();
      return { told };
    },
  };
}
