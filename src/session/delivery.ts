/**
 * A message on its way to sessions, encoded once for all of them.
 *
 * @module
 */

import type { SendRow } from "../auth/permission_row.ts";
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
