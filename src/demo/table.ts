/**
 * The demo's permission table. What is not in here does not pass.
 *
 * @module
 */

import { definePermissions, type PermissionTable, type Principal } from "../mod.ts";
import * as data from "./data.ts";

/** The data of what clients of the demo send. */
export interface DemoReceive {
  "chat.join": data.Room;
  "chat.say": data.Say;
  "echo": unknown;
  "user.list": unknown;
  "user.kick": data.Subject;
  "user.role": data.RoleChange;
  "admin.announce": data.Announcement;
  "key.rotate": unknown;
  "server.drain": unknown;
}

/** The data of what the demo sends. */
export interface DemoSend {
  "chat.said": data.Said;
  "admin.announced": data.Announced;
  "audit.event": data.Denied;
  "user.listed": data.UserList;
}

/** Who may send what, and who may read what. */
export const demoTable: PermissionTable<data.DemoRole, DemoReceive, DemoSend> = definePermissions({
  roles: data.DEMO_ROLES,
  receive: {
    "chat.join": { roles: ["member", "admin"], data: data.isRoom },
    "chat.say": { roles: ["member", "admin"], data: data.isSay, rate: { perSecond: 5, burst: 10 } },
    "echo": { roles: ["guest", "member", "admin"], data: data.isAnything },
    "user.list": { roles: ["admin"], data: data.isAnything },
    "user.kick": { roles: ["admin"], data: data.isSubject, when: isSomebodyElse },
    "user.role": { roles: ["admin"], data: data.isRoleChange, when: isSomebodyElse },
    "admin.announce": { roles: ["admin"], data: data.isAnnouncement },
    "key.rotate": { roles: ["admin"], data: data.isAnything, rate: { perSecond: 1, burst: 3 } },
    "server.drain": { roles: ["admin"], data: data.isAnything },
  },
  send: {
    "chat.said": { roles: ["guest", "member", "admin"], data: data.isSaid },
    "admin.announced": { roles: ["admin"], data: data.isAnnounced },
    "audit.event": { roles: ["admin"], data: data.isDenied },
    "user.listed": { roles: ["admin"], data: data.isUserList, slowReaders: "keep-latest" },
  },
});

/** A rule of ownership, turned round: nobody closes the connection on which he gives the order, or locks himself out. */
function isSomebodyElse(session: Principal, { subject }: data.Subject): boolean {
  return subject !== session.subject;
}
