/**
 * The application in the simulation: its roles, its messages, and once more in plain words who may send and read what.
 *
 * @module
 */

import { definePermissions, type PermissionTable } from "../../src/auth/permission.ts";

/** Every role. */
export const ROLES = ["guest", "member", "admin"] as const;
/** One of them. */
export type Role = (typeof ROLES)[number];

/** What a client says: a number by which it is found again, and what is to come of it. */
export interface Said {
  readonly n: number;
  readonly then?: "later" | "never" | "throws" | "rejects";
  readonly room?: string;
}

/** What clients send. */
export interface Receive {
  look: Said;
  say: Said;
  rule: Said;
  join: Said;
  leave: Said;
}

/** What the server says: a number, and perhaps much more, so that it piles up for whoever does not read. */
export interface Told {
  readonly n: number;
  readonly pad?: string;
}

/** What the server sends. */
export interface Send {
  said: Told;
  secret: Told;
  tick: Told;
  latest: Told;
}

const isNumbered = (value: unknown): value is { readonly n: number } =>
  typeof value === "object" && value !== null && "n" in value && typeof value.n === "number";

/** Who may send what. */
export const MAY_SEND: Readonly<Record<keyof Receive, readonly Role[]>> = {
  look: ["guest", "member", "admin"],
  say: ["member", "admin"],
  rule: ["admin"],
  join: ["guest", "member", "admin"],
  leave: ["guest", "member", "admin"],
};

/** Who may read what. */
export const MAY_READ: Readonly<Record<keyof Send, readonly Role[]>> = {
  said: ["guest", "member", "admin"],
  secret: ["admin"],
  tick: ["member", "admin"],
  latest: ["member", "admin"],
};

/** The table of the gate. */
export const TABLE: PermissionTable<Role, Receive, Send> = definePermissions<Role, Receive, Send>({
  roles: ROLES,
  receive: {
    look: { roles: MAY_SEND.look, data: isNumbered },
    say: { roles: MAY_SEND.say, data: isNumbered, rate: { perSecond: 20, burst: 40 } },
    rule: { roles: MAY_SEND.rule, data: isNumbered },
    join: { roles: MAY_SEND.join, data: isNumbered },
    leave: { roles: MAY_SEND.leave, data: isNumbered },
  },
  send: {
    said: { roles: MAY_READ.said, data: isNumbered },
    secret: { roles: MAY_READ.secret, data: isNumbered },
    tick: { roles: MAY_READ.tick, data: isNumbered, slowReaders: "drop" },
    latest: { roles: MAY_READ.latest, data: isNumbered, slowReaders: "keep-latest" },
  },
});
