/**
 * What an application writes for each message that clients send.
 *
 * @module
 */

import type { Groups } from "./groups.ts";
import type { Leases } from "./leases.ts";
import type { Session } from "./session.ts";

/** What a handler gets besides the data. */
export interface HandlerContext<Role extends string, Send extends object, Data = unknown> {
  /** Who sent the message. */
  readonly session: Session<Role, Data>;
  /** The way to everybody else. */
  readonly groups: Groups<Role, Send, Data>;
  /** What everybody may be: revokes tokens, changes roles. */
  readonly leases: Pick<Leases<Role, Data>, "revoke" | "setRoles">;
  /**
   * Aborts when nobody waits for the answer any more: the session is over (`aborted`), or the handler has taken longer than
   * the limit `handlerTimeoutMs` (`handler_timeout`). To be handed on to `fetch`, a database, a timer.
   *
   * While a handler's promise is pending, nothing is read from its client. That the client has left is noticed only by a reset of TCP, at
   * once or in answer to a ping of the heartbeat; otherwise when the handler is done.
   */
  readonly signal: AbortSignal;
}

/**
 * Handles one type of message. What it returns, or what its promise resolves to, is the `data` of the `ok` reply; what it
 * throws becomes an `internal` error for the peer, without details. The next message of the session waits for it, but not
 * longer than the limit `handlerTimeoutMs`: then the peer is answered `internal`, and what the handler still does, it does
 * for nobody. An answer is judged once more before it is sent: whose time is over by then, or whose role
 * was taken away, is denied it, although what was done is done.
 */
export type Handler<Message, Role extends string, Send extends object, Data = unknown> = (
  data: Message,
  context: HandlerContext<Role, Send, Data>,
) => unknown;

/** A handler for each row of `receive`: none missing, none besides. */
export type Handlers<Role extends string, Receive extends object, Send extends object, Data = unknown> = {
  readonly [Type in keyof Receive]: Handler<Receive[Type], Role, Send, Data>;
};

/**
 * Handlers of which each has a row. TypeScript looks for properties too many only where an object is written down in
 * place; a handler in a variable whose row is gone would pass in silence.
 */
export type ExactHandlers<Given, Receive extends object> = {
  readonly [Type in keyof Given]: Type extends keyof Receive ? Given[Type] : never;
};
