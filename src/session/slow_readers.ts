/**
 * Deliveries to a session that does not keep up: each type of message says what becomes of it.
 *
 * A peer that does not read must cost neither the others their time nor the server its memory. What is sent to it is queued, up to
 * `maxQueuedBytes`, and then the connection is closed (`close`, where nothing else is said: no message is lost in silence). But a
 * position, a price or a "somebody is typing" is worth nothing a minute later: those are left out (`drop`), or only the latest is kept,
 * of each type and for each group of recipients (`keep-latest`).
 *
 * @module
 */

import type { SlowReaderPolicy } from "../auth/permission_row.ts";
import type { Limits } from "../base/limits.ts";
import { type Delivery, type DeliveryOutcome, undeliveredBy } from "./delivery.ts";
import type { SessionMeter } from "./meter.ts";
import { isAmong } from "./recipients.ts";
import type { Session } from "./session.ts";
import type { SessionTrace } from "./trace.ts";

/** What deliveries are made with. */
export interface DeliveryOptions {
  /** How much may be kept. */
  readonly limits: Pick<Limits, "maxKeptBytes">;
  /** Counts. */
  readonly meter: SessionMeter;
  /** Told of each, where somebody observes. */
  readonly trace?: SessionTrace | undefined;
  /** Gets what a `when` throws of which nobody hears otherwise. Must not throw. */
  readonly reportError: (error: unknown) => void;
}

/**
 * Sends a delivery to a session that may read it, or does what its row says when the session does not keep up.
 *
 * @param session The receiver.
 * @param delivery What it is to get.
 * @param options What to work with.
 * @returns What became of it.
 */
export function deliver(session: Session, delivery: Delivery, options: DeliveryOptions): DeliveryOutcome {
  const { sender } = session;
  const { slowReaders = "close" } = delivery.row;
  const outcome = slowReaders === "close" || !sender.congested
    ? send(session, delivery)
    : dropOrKeep(session, delivery, slowReaders, options);
  options.trace?.delivery(session, delivery.type, outcome);
  return outcome;
}

// #region drop_or_keep
function dropOrKeep(
  session: Session,
  delivery: Delivery,
  policy: SlowReaderPolicy,
  { limits, meter }: DeliveryOptions,
): DeliveryOutcome {
  if (policy === "drop") {
    meter.slow(delivery.type, "dropped");
    return "dropped";
  }
  const outcome = session.kept.add(delivery, limits.maxKeptBytes);
  // More is not kept: it is queued like any other message, and the connection closed when that is too long.
  if (outcome === undefined) return send(session, delivery);
  meter.slow(delivery.type, outcome);
  return "kept";
}
// #endregion

function send({ sender }: Session, { message }: Delivery): "sent" | "closed" {
  return sender.sendShared(message) ? "sent" : "closed";
}

/**
 * Sends what was kept for a session that reads again, as far as it is still for the session, and the session may still read it: it may have
 * left the room, and its roles may be others by now.
 *
 * @param session The receiver.
 * @param nowMs The time, in milliseconds since the Unix epoch.
 * @param options What to work with.
 */
export function catchUp(session: Session, nowMs: number, options: DeliveryOptions): void {
  for (const delivery of session.takeKept()) {
    const { type, to, row, data } = delivery;
    if (!isAmong(to, session)) continue;
    try {
      const undelivered = undeliveredBy(row, session, data, nowMs);
      if (undelivered === undefined) deliver(session, delivery, options);
      else options.trace?.delivery(session, type, undelivered);
    } catch (error) {
      options.reportError(error);
    }
  }
}
