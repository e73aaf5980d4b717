/**
 * Leases with everything around them, all of it written down: sessions without sockets, a clock that a test moves.
 *
 * @module
 */

import { Door } from "../../src/auth/door.ts";
import type { KeySource } from "../../src/auth/key_ring.ts";
import { type Limits, resolveLimits } from "../../src/base/limits.ts";
import type { AuditEvent } from "../../src/session/audit.ts";
import { Leases, type LeasesOptions } from "../../src/session/leases.ts";
import { Lifecycle } from "../../src/session/lifecycle.ts";
import { NO_METER } from "../../src/session/meter.ts";
import { Presence } from "../../src/session/presence.ts";
import { Registry } from "../../src/session/registry.ts";
import { ManualClock } from "./manual_clock.ts";
import { type RecordedSession, recordedSession, type Role, ROLES } from "./sessions.ts";
import type { SessionTrace } from "../../src/session/trace.ts";
import { NOW_MS, POLICY } from "./tokens.ts";

/** What the leases of a test are. */
export interface TestLeases {
  readonly clock: ManualClock;
  readonly registry: Registry<Role>;
  readonly door: Door;
  readonly leases: Leases<Role>;
  readonly lifecycle: Lifecycle<Role>;
  readonly presence: Presence;
  readonly audit: AuditEvent[];
  /** Presence and ends, in their order: `ada present`, `ada revoked`. */
  readonly told: string[];
  /** Begins a session of a subject. */
  enter(
    subject: string,
    roles: readonly Role[],
    more?: Parameters<typeof recordedSession>[2],
  ): RecordedSession;
}

/** Sets leases up. */
export function testLeases(
  { keys = POLICY.keys, limits = {}, ...asked }: {
    readonly keys?: typeof POLICY.keys;
    readonly limits?: Partial<Limits>;
    readonly approve?: NonNullable<LeasesOptions<Role, unknown>["approve"]>;
    readonly trace?: SessionTrace;
  } = {},
): TestLeases {
  const clock = new ManualClock(NOW_MS);
  const resolved = resolveLimits(limits);
  const registry = new Registry<Role>(resolved);
  const door = new Door({ ...POLICY, keys: keys as KeySource }, resolved);
  const audit: AuditEvent[] = [];
  const told: string[] = [];
  const presence = new Presence(registry, {
    clock,
    limits: resolved,
    changed: (subject, state) => void told.push(`${subject} ${state}`),
  });
  const lifecycle = new Lifecycle<Role>({
    registry,
    presence,
    clock,
    audit: (event) => void audit.push(event),
    trace: asked.trace,
    ended: ({ subject }, end) => void told.push(`${subject} ${end}`),
  });
  const leases = new Leases<Role>({
    roles: ROLES,
    registry,
    lifecycle,
    standing: door.standing,
    judgeToken: (token, nowMs) => door.judgeToken(token, nowMs),
    clock,
    audit: (event) => void audit.push(event),
    meter: NO_METER,
    ...asked,
  });
  door.keys.watch(() => leases.keysChanged());
  const enter: TestLeases["enter"] = (subject, roles, more) => {
    const recorded = recordedSession(subject, roles, more);
    lifecycle.admit(recorded.session);
    return recorded;
  };
  return { clock, registry, door, leases, lifecycle, presence, audit, told, enter };
}
