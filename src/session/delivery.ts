/**
 * A message on its way to sessions, encoded once for all of them.
 *
 * @module
 */

import { type Refused, refusedBy } from "../auth/permission.ts";
import type { Principal, SendRow } from "../auth/permission_row.ts";
import type { SharedMessage } from "../protocol/shared_message.ts";
import type { Recipients } from "./recipients.ts";

/** One message, for any number of receivers. */
export interface Delivery {
  /** The type of the message. */
  readonly type: string;
  /** Whom it is for. */
  readonly to: Recipients<string>;
  /** Its row: the table is asked again before it is sent. */
  readonly row: SendRow<string, unknown>;
  /** Its data, as the validator let it pass. */
  readonly data: unknown;
  /** The message, encoded. */
  readonly message: SharedMessage;
}

/** What became of a message for a session that may read it: `closed` when nobody was there to take it. */
export type DeliveryOutcome = "sent" | "kept" | "dropped" | "closed";

/** Why a session does not get a message: its identity, its roles, or the condition of the row. */
export type Undelivered = Exclude<Refused, "unknown_type"> | "condition";

// #region undelivered_by
/**
 * Asks the table whether a session may read a message.
 *
 * @param row Of the type of the message.
 * @param receiver Who would read it.
 * @param data What the condition of the row is about.
 * @param nowMs The time, in milliseconds since the Unix epoch.
 * @returns Why not, or `undefined`.
 * @throws Whatever a `when` throws.
 */
export function undeliveredBy(
  row: SendRow<string, unknown>,
  receiver: Principal,
  data: unknown,
  nowMs: number,
): Undelivered | undefined {
  const refused = refusedBy(row, receiver, nowMs);
  if (refused !== undefined) return refused;
  return row.when !== undefined && row.when(receiver, data) !== true ? "condition" : undefined;
}
// #endregion
