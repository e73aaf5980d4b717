/**
 * What a gate is told.
 *
 * @module
 */

import type { TokenDoor } from "../auth/door.ts";
import type { OriginPolicy } from "../auth/origin.ts";
import type { PermissionTable } from "../auth/permission.ts";
import type { AuditSink } from "../session/audit.ts";
import type { Handlers } from "../session/handler.ts";
import type { Groups } from "../session/groups.ts";
import type { PresenceState } from "../session/presence.ts";
import type { Session } from "../session/session.ts";
import type { SessionEnd } from "../session/session_end.ts";
import type { AcceptedRequest, AcceptorSettings } from "./acceptor_options.ts";
import type { HealthPaths } from "./health.ts";

/** What a gate is told. Besides its own, it takes the door's settings: keys, audience, allowed origins and so on. */
export type GateOptions<Role extends string, Receive extends object, Send extends object, Data = unknown> =
  & Partial<OriginPolicy>
  & TokenDoor
  & Omit<AcceptorSettings, "connected" | "admit" | "unauthenticated" | "subprotocols" | "meter" | "tracer">
  & HealthPaths
  & GateSettings<Role, Receive, Send, Data>;

/** What becomes of a subject with `maxSessionsPerSubject` sessions that opens another. */
export type SubjectFullPolicy = "refuse" | "replace-oldest";

/** A gate's own settings. */
export interface GateSettings<
  Role extends string,
  Receive extends object,
  Send extends object,
  Data = unknown,
> {
  /** What may pass, in both directions: what `definePermissions` has made. */
  readonly permissions: PermissionTable<Role, Receive, Send>;
  /**
   * Makes what the application keeps with each session, its `data`, when the session begins; by default `data` is `undefined`. What it
   * throws is reported, and the connection closed with 1011.
   *
   * @param request What the client asked for, and who it is.
   */
  readonly sessionData?: (request: AcceptedRequest) => Data;
  /** What is done about each message that the table lets pass: a handler for each row of `receive`, none missing and none besides. */
  readonly handlers: Handlers<Role, Receive, Send, Data>;
  /**
   * What becomes of a subject that has `maxSessionsPerSubject` sessions already: `refuse` answers 429, which is the default;
   * `replace-oldest` closes its oldest session with 3003.
   */
  readonly whenSubjectIsFull?: SubjectFullPolicy;
  /** Draws a number from 0 (included) to 1 (not included), for waits that must not be the same for all; by default `Math.random`. */
  readonly random?: () => number;
  /** Told of each decision; by default nobody is. Must not throw: what it throws is reported, and changes nothing. */
  readonly audit?: AuditSink;
  /** Told of each session that begins, right after its `hello`. What it throws is reported. */
  opened?(session: Session<Role, Data>, groups: Groups<Role, Send, Data>): void;
  /** Told of each session that ended, and why, when no group contains it any more. What it throws is reported. */
  closed?(session: Session<Role, Data>, groups: Groups<Role, Send, Data>, end: SessionEnd): void;
  /**
   * Told when the first session of a subject begins, and when its last one has been over for `presenceGraceMs`: the last tab
   * counts, and a page that is reloaded does not. What it throws is reported.
   */
  presenceChanged?(subject: string, state: PresenceState, groups: Groups<Role, Send, Data>): void;
}
