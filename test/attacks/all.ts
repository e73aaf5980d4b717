/**
 * All attacks, in an order in which they can be read.
 *
 * @module
 */

import { algNone } from "./alg_none.ts";
import { allowedByDefault } from "./allowed_by_default.ts";
import type { Attack } from "./attack.ts";
import { closeAndStay } from "./close_and_stay.ts";
import { crossSiteHijacking } from "./cross_site_hijacking.ts";
import { declaredLengthAllocation } from "./declared_length_allocation.ts";
import { deflateBomb } from "./deflate_bomb.ts";
import { demotedAdmin } from "./demoted_admin.ts";
import { expiredWhileConnected } from "./expired_while_connected.ts";
import { fragmentFlood } from "./fragment_flood.ts";
import { keyConfusion } from "./key_confusion.ts";
import { lenientBase64url } from "./lenient_base64url.ts";
import { oneSecretForAll } from "./one_secret_for_all.ts";
import { pingFlood } from "./ping_flood.ts";
import { protoAsType } from "./proto_as_type.ts";
import { reconnectStorm } from "./reconnect_storm.ts";
import { resetDuringVerification } from "./reset_during_verification.ts";
import { slowReader } from "./slow_reader.ts";
import { slowloris } from "./slowloris.ts";
import { subprotocolEcho } from "./subprotocol_echo.ts";
import { ticketReplay } from "./ticket_replay.ts";
import { tokenInALog } from "./token_in_a_log.ts";
import { twoTabsOneMap } from "./two_tabs_one_map.ts";

/** All of them. */
export const ATTACKS: readonly Attack[] = [
  // Whose request is it?
  crossSiteHijacking,
  tokenInALog,
  subprotocolEcho,
  ticketReplay,
  // Is the token good?
  algNone,
  keyConfusion,
  lenientBase64url,
  // Is it still true?
  oneSecretForAll,
  expiredWhileConnected,
  demotedAdmin,
  twoTabsOneMap,
  // May he do that?
  allowedByDefault,
  protoAsType,
  // What does it cost?
  resetDuringVerification,
  slowloris,
  fragmentFlood,
  declaredLengthAllocation,
  pingFlood,
  deflateBomb,
  slowReader,
  closeAndStay,
  reconnectStorm,
];
