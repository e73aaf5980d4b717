/**
 * The state of a client, and who watches it.
 *
 * @module
 */

import { PortcullisError } from "../base/errors.ts";
import type { Cause, ClientState, SessionInfo } from "./client_state.ts";
import { type Listener, Listeners } from "./listeners.ts";

/** The one name under which watchers listen. */
const STATE = "state";

/** A state that tells of its changes. */
export class ObservedState {
  readonly #watchers: Listeners;
  #state: ClientState = Object.freeze({ status: "idle" });

  /** @param reportError Gets what watchers throw. */
  constructor(reportError: (error: unknown) => void) {
    this.#watchers = new Listeners(reportError);
  }

  /** The state now. */
  get now(): ClientState {
    return this.#state;
  }

  /** Changes the state, and tells of it. A watcher may change it again: those that were not told yet hear of that alone. */
  become(state: ClientState): void {
    this.#state = Object.freeze(state);
    this.#watchers.tell(STATE, state, () => this.#state === state);
  }

  /** Adds a watcher. @returns Takes it away again. */
  watch(watcher: Listener<ClientState>): () => void {
    return this.#watchers.add(STATE, watcher);
  }

  /**
   * Waits for a session.
   *
   * @returns The session that there is, or else the next one.
   * @throws {PortcullisError} By rejecting: `client_stopped`, when there will be none any more.
   */
  session(): Promise<SessionInfo> {
    const session = new Promise<SessionInfo>((resolve, reject) => {
      const settle = (state: ClientState) => {
        if (state.status === "open") resolve(state.session);
        else if (state.status === "stopped") reject(stoppedBecause(state.why));
        else return;
        unwatch();
      };
      const unwatch = this.watch(settle);
      settle(this.#state);
    });
    // Whoever does not wait for the session learns of the end by the state, and it must not end the process.
    session.catch(() => undefined);
    return session;
  }
}

function stoppedBecause(why: Cause): PortcullisError {
  const cause = why.kind === "unusable" ? why.error : undefined;
  return new PortcullisError("client_stopped", "The client has stopped; its state says why.", { cause });
}
