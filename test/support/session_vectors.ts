/**
 * The vectors of test/vectors/sessions.json, and whatever keeps sessions to try them on. What the fields of a vector mean is written down
 * in test/vectors/README.md.
 *
 * @module
 */

import { definePermissions } from "../../src/auth/permission.ts";
import type { Revocation } from "../../src/auth/standing.ts";
import { resolveLimits } from "../../src/base/limits.ts";
import { Groups } from "../../src/session/groups.ts";
import { NO_METER } from "../../src/session/meter.ts";
import type { Recipients } from "../../src/session/recipients.ts";
import { testLeases } from "./session_leases.ts";
import { type RecordedSession, type Role, ROLES } from "./sessions.ts";
import { type Chapter, readChapter, type Vector } from "./vectors.ts";

/** What is sent. */
export type Said = "said" | "secret";

/** One thing that happens. */
export type SessionStep =
  | {
    readonly open: string;
    readonly subject: string;
    readonly roles?: readonly Role[];
    readonly tokenId?: string;
  }
  | { readonly close: string }
  | { readonly join: string; readonly room: string }
  | { readonly leave: string; readonly room: string }
  | { readonly revoke: Revocation }
  | { readonly setRoles: string; readonly roles: readonly Role[] }
  | { readonly wait: number }
  | { readonly send: Said; readonly to: Recipients<Role>; readonly reaches: readonly string[] }
  | { readonly ended: string; readonly code: number };

/** Steps, some of which say what is to be seen then. */
export interface SessionVector extends Vector {
  readonly steps: readonly SessionStep[];
}

/** All of them. */
export const SESSION_VECTORS: readonly SessionVector[] =
  readChapter<Chapter<SessionVector>>("sessions").vectors;

/** Whatever keeps sessions, by the names that a vector gives them. */
export interface SessionKeeper {
  open(name: string, subject: string, roles: readonly Role[], tokenId: string | undefined): void;
  close(name: string): void;
  join(name: string, room: string): void;
  leave(name: string, room: string): void;
  revoke(target: Revocation): void;
  setRoles(subject: string, roles: readonly Role[]): void;
  wait(seconds: number): void;
  /** @returns Whom it reaches. */
  send(type: Said, to: Recipients<Role>): string[];
  /** With which code a session was ended by the server. */
  codeOf(name: string): number | undefined;
}

/** What is to be seen of a vector, in its order. */
export function wantedOf({ steps }: SessionVector): unknown[] {
  return steps.flatMap<unknown>((step) =>
    "reaches" in step ? [step.reaches] : "ended" in step ? [step.code] : []
  );
}

/** What is seen when the steps of a vector are taken. */
export function seenOf({ steps }: SessionVector, keeper: SessionKeeper): unknown[] {
  return steps.flatMap<unknown>((step) => {
    if ("send" in step) return [keeper.send(step.send, step.to)];
    if ("ended" in step) return [keeper.codeOf(step.ended)];
    if ("open" in step) keeper.open(step.open, step.subject, step.roles ?? ["guest"], step.tokenId);
    else if ("close" in step) keeper.close(step.close);
    else if ("join" in step) keeper.join(step.join, step.room);
    else if ("leave" in step) keeper.leave(step.leave, step.room);
    else if ("revoke" in step) keeper.revoke(step.revoke);
    else if ("setRoles" in step) keeper.setRoles(step.setRoles, step.roles);
    else if ("wait" in step) keeper.wait(step.wait);
    else throw new Error(`There is no step ${JSON.stringify(step)}.`);
    return [];
  });
}

const isAnything = (_value: unknown): _value is unknown => true;

const TABLE = definePermissions<Role, Record<never, never>, Record<Said, unknown>>({
  roles: ROLES,
  receive: {},
  send: { said: { roles: ROLES, data: isAnything }, secret: { roles: ["admin"], data: isAnything } },
});

/** How long the token of each session is good. */
const LIFETIME_MS = 60_000;

/** The real one: registry, leases and groups, without sockets. */
export function realKeeper(): SessionKeeper {
  const { registry, lifecycle, leases, clock, enter } = testLeases();
  const groups = new Groups({
    table: TABLE,
    registry,
    now: () => clock.now(),
    endSession: (session, code, reason) => lifecycle.end(session, "removed", code, reason),
    limits: resolveLimits(),
    meter: NO_METER,
    reportError: (error) => {
      throw error;
    },
  });
  const sessions = new Map<string, RecordedSession>();
  const of = (name: string) => sessions.get(name) as RecordedSession;
  return {
    open: (name, subject, roles, tokenId) => {
      const [issuedAtMs, expiresAtMs] = [clock.now(), clock.now() + LIFETIME_MS];
      sessions.set(name, enter(subject, roles, { issuedAtMs, expiresAtMs, tokenId }));
    },
    close: (name) => {
      of(name).sender.open = false;
      lifecycle.end(of(name).session, "left");
    },
    join: (name, room) => void groups.join(of(name).session, room),
    leave: (name, room) => void groups.leave(of(name).session, room),
    revoke: (target) => void leases.revoke(target),
    setRoles: (subject, roles) => void leases.setRoles(subject, roles),
    wait: (seconds) => clock.advance(seconds * 1_000),
    send: (type, to) => {
      const before = new Map([...sessions].map(([name, { sender }]) => [name, sender.shared.length]));
      groups.send(to, type, {});
      return [...sessions].filter(([name, { sender }]) => sender.shared.length !== before.get(name))
        .map(([name]) => name);
    },
    codeOf: (name) => of(name).sender.closes[0]?.code,
  };
}
