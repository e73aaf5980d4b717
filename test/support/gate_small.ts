/**
 * A gate for tests about identity: one message for everybody, one for members, one for admins, in both directions; and
 * whatever a handler is to do, the test says.
 *
 * @module
 */

import { definePermissions, type PermissionTable } from "../../src/auth/permission.ts";
import type { HandlerContext } from "../../src/session/handler.ts";
import { type GateHost, type HostedOptions, hostGate } from "./gate_host.ts";

/** The roles of the table. */
export type Role = "guest" | "member" | "admin";
/** What clients send. */
export interface Receive {
  look: unknown;
  act: unknown;
  rule: unknown;
}
/** What the server sends. */
export interface Send {
  news: unknown;
  secret: unknown;
  /** Of which a slow reader gets the latest. */
  place: unknown;
}

const isAnything = (_value: unknown): _value is unknown => true;

/** Who may do what. */
export const SMALL_TABLE: PermissionTable<Role, Receive, Send> = definePermissions<Role, Receive, Send>({
  roles: ["guest", "member", "admin"],
  receive: {
    look: { roles: ["guest", "member", "admin"], data: isAnything },
    act: { roles: ["member", "admin"], data: isAnything },
    rule: { roles: ["admin"], data: isAnything },
  },
  send: {
    news: { roles: ["guest", "member", "admin"], data: isAnything },
    secret: { roles: ["admin"], data: isAnything },
    place: { roles: ["guest", "member", "admin"], data: isAnything, slowReaders: "keep-latest" },
  },
});

/** What a handler does besides being written down. */
export type Deed = (
  data: unknown,
  context: HandlerContext<Role, Send>,
) => unknown;

/** The gate, and what its handlers did: `ada act 1`. */
export type SmallGate = GateHost<Role, Receive, Send> & { readonly handled: string[] };

/** What a test says about its gate. */
export type SmallGateOptions =
  & Partial<Omit<HostedOptions<Role, Receive, Send>, "handlers" | "permissions">>
  & { readonly deeds?: { readonly [Type in keyof Receive]?: Deed } };

/** Starts the gate. */
export async function hostSmallGate({ deeds = {}, ...options }: SmallGateOptions = {}): Promise<SmallGate> {
  const handled: string[] = [];
  const handler = (type: keyof Receive): Deed => (data, context) => {
    handled.push(`${context.session.subject} ${type} ${JSON.stringify(data)}`);
    return deeds[type]?.(data, context);
  };
  const host = await hostGate<Role, Receive, Send>({
    ...options as Partial<HostedOptions<Role, Receive, Send>>,
    permissions: SMALL_TABLE,
    handlers: { look: handler("look"), act: handler("act"), rule: handler("rule") },
  });
  return { ...host, handled };
}
