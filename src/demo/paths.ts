/**
 * The paths of the demo server, and the one parameter that its page adds to them.
 *
 * @module
 */

/** Where the gate is. What comes here as an ordinary request has lost its upgrade on the way, as behind a proxy. */
export const GATE_PATH = "/ws";

/** Where the gate says what an upgrade would be, which a page is not told otherwise. */
export const CHECK_PATH = "/ws/check";

/** Where the gate gives out tickets. */
export const TICKET_PATH = "/ws/ticket";

/** Where the demo gives out tokens. */
export const TOKEN_PATH = "/token";

/** Where a page is told what the gate does with its connections, as server-sent events. */
export const WATCH_PATH = "/watch";

/** Where a page has the demo attack itself, in ways in which no page can. */
export const ATTACK_PATH = "/attack";

/** In the URL of a connection, and of those who watch it: a name that the page draws by chance, and that is no secret of the gate's. */
export const WATCH_PARAMETER = "watch";
