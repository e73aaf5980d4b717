/**
 * What a gate is told.
 *
 * @module
 */

import type { TokenDoor } from "../auth/authenticate.ts";
import type { OriginPolicy } from "../auth/origin.ts";
import type { PermissionTable } from "../auth/permission.ts";
import type { AuditSink } from "../session/audit.ts";
import type { Handlers } from "../session/dispatch.ts";
import type { Groups } from "../session/groups.ts";
import type { Session } from "../session/session.ts";
import type { AcceptorSettings } from "./acceptor_options.ts";

/** What a gate is told. Besides its own, it takes the door's settings: keys, audience, allowed origins and so on. */
export type GateOptions<Role extends string, Receive extends object, Send extends object> =
  & Partial<OriginPolicy>
  & TokenDoor
  & Omit<AcceptorSettings, "connected" | "admit" | "refused" | "subprotocols">
  & GateSettings<Role, Receive, Send>;

/** A gate's own settings. */
export interface GateSettings<Role extends string, Receive extends object, Send extends object> {
  /** What may pass. */
  readonly permissions: PermissionTable<Role, Receive, Send>;
  /** What is done about it: a handler for each row of `receive`. */
  readonly handlers: Handlers<Role, Receive, Send>;
  /** Told of each decision. Must not throw. */
  readonly audit?: AuditSink;
  /** Told of each session that begins, right behind its `hello`. */
  opened?(session: Session<Role>, groups: Groups<Role, Send>): void;
  /** Told of each session that ended, when no group contains it any more. */
  closed?(session: Session<Role>, groups: Groups<Role, Send>): void;
}
