/**
 * The figures of a gate. No label holds text of a stranger, who may at most choose among values that are known here, and none names a user.
 *
 * @module
 */

import { performance } from "node:perf_hooks";
import type { Carrier } from "../auth/credential.ts";
import { Counter, Gauge, Histogram, writeMetrics } from "../base/open_metrics.ts";
import type { CloseStatus } from "../protocol/close.ts";
import { CLOSE } from "../protocol/close_codes.ts";
import type { DenialCode } from "../session/envelope.ts";
import type { SessionMeter, SlowOutcome } from "../session/meter.ts";
import type { SessionEnd } from "../session/session_end.ts";
import type { Purpose } from "./decision.ts";
import type { RefusalName } from "./refusal.ts";

/** Told of what happens at the door and on connections. None of it may throw. */
export interface DoorMeter {
  /** A decision fell. */
  decided(
    purpose: Purpose,
    result: "admitted" | "deferred" | RefusalName,
    carrier: Carrier | undefined,
  ): void;
  /** A connection ended. */
  closed(status: CloseStatus): void;
}

/** What is read at the moment at which the figures are asked for. */
export interface Readings {
  /** Connections, those whose close is under way included. */
  readonly connections: () => number;
  readonly sessions: () => number;
  /** What waits for peers to read. */
  readonly queuedBytes: () => number;
  /** Handlers that are at work for nobody any more. */
  readonly givenUpHandlers: () => number;
}

/** From 50 µs on: to a few receivers, sending takes no longer. */
const SEND_BOUNDS = [
  0.000_05,
  0.000_1,
  0.000_25,
  0.000_5,
  0.001,
  0.002_5,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  1,
];

/** Any code from 3000 on may be a peer's own; as a label, those of the table are enough. */
const KNOWN_CODES: ReadonlySet<number> = new Set(Object.values(CLOSE).map(({ code }) => code));

/** Counts what happens in one gate. */
export class GateMetrics implements DoorMeter, SessionMeter {
  readonly #handshakes = new Counter(
    "portcullis_handshakes",
    "Upgrades by what was decided, and where the credential was.",
    ["result", "carrier"],
  );
  readonly #requests = new Counter(
    "portcullis_door_requests",
    "Plain requests to the door (check, ticket) by what was decided.",
    ["purpose", "result"],
  );
  readonly #denials = new Counter(
    "portcullis_denials",
    "Messages of clients that were denied, by their type in the table and the code of the error.",
    ["type", "reason"],
  );
  readonly #closes = new Counter(
    "portcullis_closes",
    "Connections that ended, by status code and by who ended them.",
    ["code", "side"],
  );
  readonly #ends = new Counter("portcullis_session_ends", "Sessions that ended, by why.", ["reason"]);
  readonly #slow = new Counter(
    "portcullis_slow_deliveries",
    "Deliveries that were dropped, kept or replaced because their receiver did not keep up.",
    ["type", "outcome"],
  );
  readonly #groupSend = new Histogram(
    "portcullis_group_send_seconds",
    "How long it took to send a message to a group.",
    SEND_BOUNDS,
  );
  readonly #revocation = new Histogram(
    "portcullis_revocation_seconds",
    "How long it took from a revocation to the end of the last session that it concerned.",
    SEND_BOUNDS,
  );
  readonly #gauges: readonly Gauge[];

  /** @param readings Where the rest is read. */
  constructor(readings: Readings) {
    this.#gauges = [
      new Gauge(
        "portcullis_connections",
        "Connections there are, those included whose close is under way.",
        readings.connections,
      ),
      new Gauge("portcullis_sessions", "Sessions there are.", readings.sessions),
      new Gauge("portcullis_queue_bytes", "Bytes that wait for peers to read them.", readings.queuedBytes),
      new Gauge(
        "portcullis_given_up_handlers",
        "Handlers that are still at work after their time, or the end of their session.",
        readings.givenUpHandlers,
      ),
    ];
  }

  decided(
    purpose: Purpose,
    result: "admitted" | "deferred" | RefusalName,
    carrier: Carrier | undefined,
  ): void {
    if (purpose === "upgrade") this.#handshakes.add(result, carrier ?? "none");
    else this.#requests.add(purpose, result);
  }

  closed({ code, by }: CloseStatus): void {
    this.#closes.add(KNOWN_CODES.has(code) ? String(code) : "other", by);
  }

  /** A session is over. */
  sessionEnded(end: SessionEnd): void {
    this.#ends.add(end);
  }

  seconds(): number {
    return performance.now() / 1_000;
  }

  denied(type: string | undefined, code: DenialCode): void {
    this.#denials.add(type ?? "unknown", code);
  }

  slow(type: string, outcome: SlowOutcome): void {
    this.#slow.add(type, outcome);
  }

  groupSent(startedAt: number): void {
    this.#groupSend.observe(this.seconds() - startedAt);
  }

  revoked(startedAt: number): void {
    this.#revocation.observe(this.seconds() - startedAt);
  }

  /** Writes all of it, in the text format of OpenMetrics. */
  text(): string {
    return writeMetrics([
      ...this.#gauges,
      this.#handshakes,
      this.#requests,
      this.#denials,
      this.#closes,
      this.#ends,
      this.#slow,
      this.#groupSend,
      this.#revocation,
    ]);
  }
}
