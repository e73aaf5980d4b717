/**
 * A dispatcher with everything around it, all of it written down.
 *
 * @module
 */

import { definePermissions, type PermissionTable } from "../../src/auth/permission.ts";
import type { AuditEvent } from "../../src/session/audit.ts";
import { type Limits, resolveLimits } from "../../src/base/limits.ts";
import { Dispatcher } from "../../src/session/dispatch.ts";
import type { HandlerContext, Handlers } from "../../src/session/handler.ts";
import { Groups } from "../../src/session/groups.ts";
import type { Lifecycle } from "../../src/session/lifecycle.ts";
import type { ManualClock } from "./manual_clock.ts";
import { NO_METER } from "../../src/session/meter.ts";
import { SessionTrace, type SessionTraceEvent } from "../../src/session/trace.ts";
import { testLeases } from "./session_leases.ts";
import { type RecordedSession, type Role, ROLES } from "./sessions.ts";

/** The most bytes of a message in these tests. */
export const MAX_ENVELOPE_BYTES = 200;

/** What clients send in the tests. */
export interface Receive {
  /** Answered by whatever the test says. */
  "ask": unknown;
  /** Meets every step: for members, once a second, text only, none that begins with "!". */
  "say": string;
}

/** What the server sends in the tests. */
export interface Send {
  "said": string;
}

/** A dispatcher, one session of the member ada, and what came of it. */
export interface Bench extends RecordedSession {
  readonly clock: ManualClock;
  readonly lifecycle: Lifecycle<Role>;
  readonly events: AuditEvent[];
  readonly traces: SessionTraceEvent[];
  readonly errors: unknown[];
  /** The functions of the application that were called: `data`, `when`, `handler`. */
  readonly calls: string[];
  readonly dispatcher: Dispatcher<Role, Receive, Send>;
  readonly context: Omit<HandlerContext<Role, Send>, "signal">;
  /** Sends a message as ada. */
  send(message: object | string): Promise<void> | undefined;
}

/** Makes the table; `calls` is told of each look at the data. */
function makeTable(calls: string[]): PermissionTable<Role, Receive, Send> {
  const isAnything = (_value: unknown): _value is unknown => true;
  const isText = (value: unknown): value is string => {
    calls.push("data");
    if (value === "throw in the validator") throw new Error("validator");
    return typeof value === "string";
  };
  return definePermissions({
    roles: ROLES,
    receive: {
      "ask": { roles: ROLES, data: isAnything },
      "say": {
        roles: ["member"],
        data: isText,
        rate: { perSecond: 1, burst: 1 },
        when: (_session, data) => {
          calls.push("when");
          if (data === "throw in the condition") throw new Error("condition");
          return !data.startsWith("!");
        },
      },
    },
    send: { "said": { roles: ROLES, data: isText } },
  });
}

/**
 * Sets a dispatcher up.
 *
 * @param ask The handler of `ask`.
 * @param roles The roles of ada.
 * @param limits Those that differ.
 */
export function bench(
  ask: Handlers<Role, Receive, Send>["ask"] = () => undefined,
  roles: readonly Role[] = ["member"],
  limits: Partial<Limits> = {},
): Bench {
  const calls: string[] = [];
  const errors: unknown[] = [];
  const table = makeTable(calls);
  const traces: SessionTraceEvent[] = [];
  const trace = new SessionTrace({
    table,
    now: () => clock.now(),
    tell: (event) => void traces.push(event),
  });
  const { clock, registry, leases, lifecycle, enter, audit: events } = testLeases({ trace });
  const groups = new Groups({
    table,
    registry,
    now: () => clock.now(),
    endSession: (session) => lifecycle.end(session, "removed"),
    limits: resolveLimits(),
    meter: NO_METER,
    trace,
    reportError: (error) => void errors.push(error),
  });
  const recorded = enter("ada", roles);
  recorded.session.traceNumber = 7;
  const dispatcher = new Dispatcher({
    table,
    handlers: {
      ask,
      say: (text) => {
        calls.push("handler");
        return text.toUpperCase();
      },
    },
    groups,
    leases,
    lifecycle,
    limits: resolveLimits({ maxEnvelopeBytes: MAX_ENVELOPE_BYTES, ...limits }),
    clock,
    audit: (event) => void events.push(event),
    meter: NO_METER,
    trace,
    reportError: (error) => void errors.push(error),
  });
  const { session } = recorded;
  const send = (message: object | string) =>
    dispatcher.receive(session, typeof message === "string" ? message : JSON.stringify(message));
  const context = { session, groups, leases };
  return { ...recorded, clock, lifecycle, events, traces, errors, calls, dispatcher, context, send };
}
