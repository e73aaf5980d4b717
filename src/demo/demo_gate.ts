/**
 * The gate of the demo: its table and handlers, who is told of what, and what those who watch are shown.
 *
 * @module
 */

import { type AuditEvent, createGate, type Gate, type KeyRing } from "../mod.ts";
import { systemClock } from "../io/system_clock.ts";
import type { DemoRole } from "./data.ts";
import { DEMO_AUDIENCE } from "./environment.ts";
import { demoHandlers, listUsers, LOBBY, type Operations, REGISTRY_ROOM } from "./handlers.ts";
import { CHECK_PATH, GATE_PATH, TICKET_PATH } from "./paths.ts";
import { type DemoReceive, type DemoSend, demoTable } from "./table.ts";
import type { Watches } from "./watch.ts";

/** What the gate works with. */
export interface DemoGateOptions {
  readonly keys: KeyRing;
  readonly allowedOrigins: readonly string[];
  readonly operations: Omit<Operations, "roomsChanged">;
  /** Told of what its connections do. */
  readonly watches: Watches;
  /** Told of each decision. */
  readonly audit: (event: AuditEvent) => void;
}

/** The gate of the demo. */
export type DemoGate = Gate<DemoRole, DemoReceive, DemoSend>;

/** A handful of visitors need not come back one by one. */
const RECONNECT_SPREAD_MS = 2_000;

/** Admins who watch the registry get at most five lists in a second. */
const LIST_EVERY_MS = 200;

/** Makes the gate. */
export function createDemoGate(
  { keys, allowedOrigins, operations, watches, audit }: DemoGateOptions,
): DemoGate {
  const registryChanged = atMostEvery(LIST_EVERY_MS, () => {
    if (gate.groups.members({ room: REGISTRY_ROOM }).length === 0) return;
    gate.groups.send({ room: REGISTRY_ROOM }, "user.listed", listUsers(gate.groups));
  });
  const gate: DemoGate = createGate({
    path: GATE_PATH,
    checkPath: CHECK_PATH,
    ticketPath: TICKET_PATH,
    // By default the demo listens on this machine alone. Elsewhere the figures are for a port of their own.
    livePath: "/livez",
    readyPath: "/readyz",
    metricsPath: "/metrics",
    carriers: ["authorization", "subprotocol", "ticket"],
    keys,
    audience: DEMO_AUDIENCE,
    allowedOrigins,
    permissions: demoTable,
    handlers: demoHandlers({ ...operations, roomsChanged: registryChanged }),
    // Guests cannot choose a room, but may listen in this one.
    opened: (session, groups) => {
      if (session.roles.has("guest")) groups.join(session, LOBBY);
      registryChanged();
    },
    closed: registryChanged,
    audit: (event) => {
      audit(event);
      // Roles that are others, and leases that last longer, are written down.
      registryChanged();
      tellAdmins(gate, event);
    },
    limits: { reconnectSpreadMs: RECONNECT_SPREAD_MS },
    trace: watches.trace,
  });
  return gate;
}

/** What the admins are not told of: what went well, or was bound to come. */
const QUIET: ReadonlySet<AuditEvent["event"]> = new Set([
  "authn_login_success",
  "session_renewed",
  "session_expired",
]);

/** Each denial of a message goes to the admins. */
function tellAdmins(gate: DemoGate, event: AuditEvent): void {
  // Not the stack: an admin of the chat need not know the server's insides.
  const { event: name, reason, subject, sessionId, type, atMs } = event;
  if (QUIET.has(name) || subject === undefined || sessionId === undefined) return;
  const denied = { event: name, reason, subject, sessionId, atMs };
  gate.groups.send({ role: "admin" }, "audit.event", type === undefined ? denied : { ...denied, type });
}

/** Calls a function soon, and once for all that asked for it meanwhile. */
function atMostEvery(delayMs: number, run: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    systemClock.after(delayMs, () => {
      isDue = false;
      run();
    });
  };
}
