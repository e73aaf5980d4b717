/**
 * What the demo does about each message of its table. None of them asks who may: by the time a handler runs, the table
 * has decided.
 *
 * @module
 */

import { CLOSE, type Handlers } from "../mod.ts";
import type { DemoReceive, DemoRole, DemoSend } from "./table.ts";

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

  "user.kick": ({ subject }, { groups }) => ({
    closed: groups.close({ subject }, CLOSE.forbidden.code, "Removed by an admin"),
  }),

  "admin.announce": ({ text }, { session, groups }) => ({
    delivered: groups.send({ role: "admin" }, "admin.announced", { text, from: session.subject }),
  }),
};
