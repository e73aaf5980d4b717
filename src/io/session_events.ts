/**
 * From a connection to its session: whose messages they are.
 *
 * @module
 */

import type { Dispatcher } from "../session/dispatch.ts";
import type { Lifecycle } from "../session/lifecycle.ts";
import type { Session } from "../session/session.ts";
import type { ConnectionEvents } from "./connection.ts";

/** Hands the messages of one session on. */
export class SessionEvents<Role extends string, Data> implements ConnectionEvents {
  readonly #session: Session<Role, Data>;
  readonly #dispatcher: Pick<Dispatcher<Role, object, object, Data>, "receive" | "deny">;
  readonly #lifecycle: Pick<Lifecycle<Role, Data>, "end">;

  /**
   * @param session Whose connection it is.
   * @param dispatcher Takes its messages.
   * @param lifecycle Told of its end.
   */
  constructor(
    session: Session<Role, Data>,
    dispatcher: Pick<Dispatcher<Role, object, object, Data>, "receive" | "deny">,
    lifecycle: Pick<Lifecycle<Role, Data>, "end">,
  ) {
    this.#session = session;
    this.#dispatcher = dispatcher;
    this.#lifecycle = lifecycle;
  }

  text(text: string): Promise<void> | undefined {
    return this.#dispatcher.receive(this.#session, text);
  }

  /** Only binary messages come here; the envelope is text. */
  message(): void {
    if (this.#session.end === undefined) this.#dispatcher.deny(this.#session, undefined, "malformed");
  }

  closed(): void {
    this.#lifecycle.end(this.#session, "left");
    this.#session.forgetConnection();
  }
}
