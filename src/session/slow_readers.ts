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

import { refusedBy } from "../auth/permission.ts";
import type { Limits } from "../base/limits.ts";
import type { Delivery } from "./delivery.ts";
import type { SessionMeter } from "./meter.ts";
import { isAmong } from "./recipients.ts";
import type { Session } from "./session.ts";

/**
 * Sends a delivery to a session that may read it, or does what its row says when the session does not keep up.
 *
 * @param session The receiver.
 * @param delivery What it is to get.
 * @param limits How much may be kept.
 * @param meter Counts.
 * @returns Whether it was sent, or is kept.
 */
export function deliver(
  session: Session,
  delivery: Delivery,
  limits: Pick<Limits, "maxKeptBytes">,
  meter: SessionMeter,
): boolean {
  const { sender } = session;
  const { type, row } = delivery;
  const { slowReaders = "close" } = row;
  if (slowReaders === "close" || !sender.congested) return sender.sendShared(delivery.message);
  if (slowReaders === "drop") {
    meter.slow(type, "dropped");
    return false;
  }
  const outcome = session.kept.add(delivery, limits.maxKeptBytes);
  // More is not kept: it is queued like any other message, and the connection closed when that is too long.
  if (outcome === undefined) return sender.sendShared(delivery.message);
  meter.slow(type, outcome);
  return true;
}

/**
 * Sends what was kept for a session that reads again, as far as it is still for the session, and the session may still read it: it may have
 * left the room, and its roles may be others by now.
 *
 * @param session The receiver.
 * @param nowMs The time, in milliseconds since the Unix epoch.
 * @param limits How much may be kept.
 * @param meter Counts.
 * @param reportError Gets what a `when` throws.
 */
export function catchUp(
  session: Session,
  nowMs: number,
  limits: Pick<Limits, "maxKeptBytes">,
  meter: SessionMeter,
  reportError: (error: unknown) => void,
): void {
  for (const delivery of session.takeKept()) {
    const { to, row, data } = delivery;
    if (!isAmong(to, session)) continue;
    try {
      if (refusedBy(row, session, nowMs) !== undefined) continue;
      if (row.when !== undefined && row.when(session, data) !== true) continue;
      deliver(session, delivery, limits, meter);
    } catch (error) {
      reportError(error);
    }
  }
}
