/**
 * Sessions without sockets: what is sent to them is written down, and time stands where the test puts it.
 *
 * @module
 */

import type { Identity } from "../../src/auth/claims.ts";
import type { SharedMessage } from "../../src/protocol/shared_message.ts";
import { type Sender, Session } from "../../src/session/session.ts";
import { NOW_MS } from "./tokens.ts";

/** Writes down what a session is sent, for as long as it is open. */
export class RecordingSender implements Sender {
  /** Whether the connection is open; `close` ends it. */
  open = true;
  /** Whether its peer does not keep up; set by the test. */
  congested = false;
  waitsForHandler = false;
  /** How many bytes wait; set by the test. */
  queuedBytes = 0;
  /** What happens when it is sent something that goes to others too. */
  onShared: () => void = () => undefined;
  readonly texts: string[] = [];
  readonly shared: SharedMessage[] = [];
  readonly closes: { readonly code: number; readonly reason: string }[] = [];

  send(text: string): boolean {
    if (this.open) this.texts.push(text);
    return this.open;
  }

  sendShared(message: SharedMessage): boolean {
    if (this.open) this.shared.push(message);
    this.onShared();
    return this.open;
  }

  close(code: number, reason: string): void {
    if (this.open) this.closes.push({ code, reason });
    this.open = false;
  }

  /** The texts, parsed. */
  get replies(): unknown[] {
    return this.texts.map((text) => JSON.parse(text) as unknown);
  }

  /** What was shared, parsed. */
  get deliveries(): unknown[] {
    return this.shared.map(({ payload }) => JSON.parse(payload.toString()) as unknown);
  }
}

/** Time that stands still until it is set. */
export interface ManualTime {
  nowMs: number;
  readonly now: () => number;
}

/** Starts at the moment at which the tokens of the tests are valid. */
export function manualTime(): ManualTime {
  const time = { nowMs: NOW_MS, now: () => time.nowMs };
  return time;
}

/** The roles of the tables in the tests. */
export const ROLES = ["guest", "member", "admin"] as const;

/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** A session, and what was sent to it. */
export interface RecordedSession {
  readonly session: Session<Role>;
  readonly sender: RecordingSender;
}

/** Makes what a token without further claims proves, for a minute. */
export function identityOf(subject: string, more: Partial<Identity> = {}): Identity {
  const expiresAtMs = NOW_MS + 60_000;
  return {
    subject,
    roles: [],
    expiresAtMs,
    tokenId: undefined,
    issuedAtMs: undefined,
    keyId: undefined,
    ...more,
  };
}

let made = 0;

/** Makes a session that lasts a minute, with an id of its own. */
export function recordedSession(
  subject: string,
  roles: readonly string[],
  { id = `session-${++made}`, ...identity }: { readonly id?: string } & Partial<Identity> = {},
): RecordedSession {
  const sender = new RecordingSender();
  const known = new Set(ROLES.filter((role) => roles.includes(role)));
  const proved = identityOf(subject, { roles, ...identity });
  return { session: new Session(id, proved, known, sender, NOW_MS, undefined), sender };
}
