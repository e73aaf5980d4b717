/**
 * What the demo does about each message of its table. None of them asks who may: by the time a handler runs, the table
 * has decided.
 *
 * @module
 */

import type { Handlers } from "../mod.ts";
import type { DemoRole } from "./data.ts";
import type { DemoReceive, DemoSend } from "./table.ts";

/** The room in which guests listen; they cannot choose one. */
export const LOBBY = "lobby";

/** A handler for each row of `receive`. */
export const demoHandlers: Handlers<DemoRole, DemoReceive, DemoSend> = {
  "chat.join": ({ room }, { session, groups }) => ({ room, joined: groups.join(session, room) }),

  "chat.say": ({ room, text }, { session, groups }) => ({
    delivered: groups.send({ room }, "chat.said", { room, text, from: session.subject }),
  }),

  "echo": (data) => data,

  "user.list": (_data, { groups }) => ({
    users: groups.members("everyone").map(({ id, subject, roles, rooms }) => ({
      sessionId: id,
      subject,
      roles: [...roles],
      rooms: [...rooms],
    })),
  }),

  // Not just closed: whoever came back with the same token would not have been kicked.
  "user.kick": ({ subject }, { leases }) => ({ closed: leases.revoke({ subject }) }),

  "user.role": ({ subject, role }, { leases }) => ({ changed: leases.setRoles(subject, [role]) }),

  "admin.announce": ({ text }, { session, groups }) => ({
    delivered: groups.send({ role: "admin" }, "admin.announced", { text, from: session.subject }),
  }),
};
