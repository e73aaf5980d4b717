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

/** The room whose admins are sent the list of sessions whenever it changes. Anybody may join it; the table says who may read that. */
export const REGISTRY_ROOM = "registry";

/** What an operator of the demo can have it do. */
export interface Operations {
  /** Makes another key the current one. */
  rotateKey(): KeyRotation;
  /** Tells everybody to come back later, and begins anew. */
  drain(): void;
}

/** Lists the sessions that there are. */
export function listUsers(groups: Groups<DemoRole, DemoSend>): UserList {
  const users = groups.members("everyone").map((session) => ({
    sessionId: session.id,
    subject: session.subject,
    roles: [...session.roles],
    rooms: [...session.rooms],
    leasedAtMs: session.leasedAtMs,
    expiresAtMs: session.expiresAtMs,
    queuedBytes: session.queuedBytes,
  }));
  return { users };
}

/**
 * Makes a handler for each row of `receive`.
 *
 * @param operations What operators can have done.
 */
export function demoHandlers(operations: Operations): Handlers<DemoRole, DemoReceive, DemoSend> {
  return {
    "chat.join": ({ room }, { session, groups }) => ({ room, joined: groups.join(session, room) }),

    "chat.say": ({ room, text }, { session, groups }) => ({
      delivered: groups.send({ room }, "chat.said", { room, text, from: session.subject }),
    }),

    "echo": (data) => data,

    "user.list": (_data, { groups }) => listUsers(groups),

    // Not just closed: whoever came back with the same token would not have been kicked.
    "user.kick": ({ subject }, { leases }) => ({ closed: leases.revoke({ subject }) }),

    "user.role": ({ subject, role }, { leases }) => ({ changed: leases.setRoles(subject, [role]) }),

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
