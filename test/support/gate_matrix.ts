/**
 * A gate whose table has a row for every set of roles, in both directions, and rows whose names have a meaning for
 * JavaScript.
 *
 * @module
 */

import { definePermissions, type PermissionTable } from "../../src/auth/permission.ts";
import { type GateHost, hostGate } from "./gate_host.ts";

/** The roles of the table. */
export type Role = "guest" | "member" | "admin";

const isAnything = (_value: unknown): _value is unknown => true;
const may = (...roles: Role[]) => ({ roles, data: isAnything });

const RECEIVE = {
  "all.may": may("guest", "member", "admin"),
  "insiders.may": may("member", "admin"),
  "outsiders.may": may("guest", "member"),
  "guests.may": may("guest"),
  "members.may": may("member"),
  "admins.may": may("admin"),
  "nobody.may": may(),
  "constructor": may("admin"),
  "valueOf": may("guest", "admin"),
  /** The last of a test's messages: nothing that was sent before it is still on its way. */
  "fence": may("guest", "member", "admin"),
} as const;

const SEND = {
  "all.read": may("guest", "member", "admin"),
  "insiders.read": may("member", "admin"),
  "guests.read": may("guest"),
  "members.read": may("member"),
  "admins.read": may("admin"),
  "nobody.reads": may(),
  "constructor": may("member"),
} as const;

/** What clients send. */
export type Receive = { [Type in keyof typeof RECEIVE]: unknown };
/** What the server sends. */
export type Send = { [Type in keyof typeof SEND]: unknown };

/** The table. */
export const TABLE: PermissionTable<Role, Receive, Send> = definePermissions<Role, Receive, Send>({
  roles: ["guest", "member", "admin"],
  receive: RECEIVE,
  send: SEND,
});

/** The gate, and the types that its handlers were called for. */
export type MatrixGate = GateHost<Role, Receive, Send> & { readonly handled: string[] };

/** Starts the gate; its handlers do nothing but write down that they were called. */
export async function hostMatrix(): Promise<MatrixGate> {
  const handled: string[] = [];
  const handlers = Object.fromEntries(
    Object.keys(RECEIVE).map((type) => [type, () => void handled.push(type)]),
  ) as { [Type in keyof Receive]: () => void };
  return { ...await hostGate<Role, Receive, Send>({ permissions: TABLE, handlers }), handled };
}
