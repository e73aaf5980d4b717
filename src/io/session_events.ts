/**
 * From a connection to its session: whose messages they are.
 *
 * @module
 */

import type { Dispatcher } from "../session/dispatch.ts";
import type { Groups } from "../session/groups.ts";
import type { Lifecycle } from "../session/lifecycle.ts";
import type { Session } from "../session/session.ts";
import type { ConnectionEvents } from "./connection.ts";

/** Hands the messages of one session on. */
export class SessionEvents<Role extends string, Data> implements ConnectionEvents {
  readonly #session: Session<Role, Data>;
  readonly #dispatcher: Pick<Dispatcher<Role, object, object, Data>, "receive" | "receiveBinary">;
  readonly #lifecycle: Pick<Lifecycle<Role, Data>, "end">;
  readonly #groups: Pick<Groups<Role, object, Data>, "catchUp">;

  /**
   * @param session Whose connection it is.
   * @param dispatcher Takes its messages.
   * @param lifecycle Told of its end.
   * @param groups Sends what was kept for it.
   */
  constructor(
    session: Session<Role, Data>,
    dispatcher: Pick<Dispatcher<Role, object, object, Data>, "receive" | "receiveBinary">,
    lifecycle: Pick<Lifecycle<Role, Data>, "end">,
    groups: Pick<Groups<Role, object, Data>, "catchUp">,
  ) {
    this.#session = session;
    this.#dispatcher = dispatcher;
    this.#lifecycle = lifecycle;
    this.#groups = groups;
  }

  text(text: string): Promise<void> | undefined {
    return this.#dispatcher.receive(this.#session, text);
  }

  /** Only binary messages come here; the envelope is text. */
  message(): void {
    this.#dispatcher.receiveBinary(this.#session);
  }

  /** The peer reads again. */
  drained(): void {
    this.#groups.catchUp(this.#session);
  }

  closed(): void {
    this.#lifecycle.end(this.#session, "left");
    this.#session.forgetConnection();
  }
}
