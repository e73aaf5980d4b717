/**
 * The gate: an acceptor, a registry of sessions with their leases, and a permission table, put together.
 *
 * @module
 */

import type { Revocation } from "../auth/standing.ts";
import { CLOSE } from "../protocol/close_codes.ts";
import type { Groups } from "../session/groups.ts";
import type { Presence } from "../session/presence.ts";
import type { Acceptor } from "./acceptor.ts";
import type { GateOptions } from "./gate_options.ts";
import { GateParts } from "./gate_parts.ts";
import { answerFirst, type UpgradeServer } from "./upgrade_server.ts";

/** Authenticated sessions, and the messages that the table allows them. */
export class Gate<Role extends string, Receive extends object, Send extends object, Data = unknown> {
  readonly #parts: GateParts<Role, Receive, Send, Data>;
  #drained: Promise<void> | undefined;

  /**
   * Makes a gate; with `createGate` the compiler also refuses handlers without a row.
   *
   * @param options What the gate is told.
   * @throws {PortcullisError} `invalid_argument` for options out of bounds, a row without handler, a handler without row.
   */
  constructor(options: GateOptions<Role, Receive, Send, Data>) {
    this.#parts = new GateParts(options);
  }

  /** The way to the sessions: sends to groups, lists, closes, joins rooms. */
  get groups(): Groups<Role, Send, Data> {
    return this.#parts.groups;
  }

  /** Who is here: subjects with at least one session, or without one for a moment. */
  get presence(): Presence {
    return this.#parts.presence;
  }

  /** How many sessions are open. */
  get size(): number {
    return this.#parts.registry.size;
  }

  /**
   * Answers all upgrades of a server, and the ordinary requests for the paths that are the gate's own. To be called when the server has
   * its own listeners for requests: those do not see these paths any more. Listeners that come later do.
   *
   * @param server Of `node:http` or `node:https`; its other requests stay its own.
   * @returns This gate.
   */
  attach(server: UpgradeServer): this {
    if (this.#parts.health.any) {
      answerFirst(server, (request, response) => this.#parts.health.handle(request, response));
    }
    this.#parts.acceptor.attach(server);
    return this;
  }

  /**
   * Answers one upgrade, for servers that route by themselves.
   *
   * @param args The three arguments of the `upgrade` event, within which it must be called: the request, its socket, and what came behind
   * the request. The socket belongs to the gate from now on.
   */
  handleUpgrade(...args: Parameters<Acceptor["handleUpgrade"]>): void {
    this.#parts.acceptor.handleUpgrade(...args);
  }

  /**
   * Answers one ordinary request, if it is for one of the gate's own paths. For servers that route by themselves.
   *
   * @param args The request, and its response.
   * @returns Whether it was, or will be, answered here; otherwise it is somebody else's.
   */
  handleRequest(...args: Parameters<Acceptor["handleRequest"]>): boolean {
    return this.#parts.health.handle(...args) || this.#parts.acceptor.handleRequest(...args);
  }

  /** Writes the figures of the gate, in the text format of OpenMetrics. */
  metrics(): string {
    return this.#parts.metrics.text();
  }

  /**
   * Revokes tokens, and ends the sessions that rest on them.
   *
   * @param target `{ subject }`, `{ tokenId }` or `{ issuedBefore }`.
   * @returns How many sessions were ended.
   * @throws {PortcullisError} `invalid_argument` for none or several targets, or a time in seconds.
   * @see {@link Leases.revoke}
   */
  revoke(target: Revocation): number {
    return this.#parts.leases.revoke(target);
  }

  /**
   * Gives a subject other roles, from its next message on.
   *
   * @param subject Whom.
   * @param roles What it may do from now on.
   * @returns How many sessions have other roles now.
   * @throws {PortcullisError} `invalid_argument` for a role that the table does not know.
   * @see {@link Leases.setRoles}
   */
  setRoles(subject: string, roles: readonly Role[]): number {
    return this.#parts.leases.setRoles(subject, roles);
  }

  /**
   * Stops without losing anything: `readyPath` answers 503, new upgrades get 503, each client is sent `server.bye` with a wait of its own,
   * requests that are being handled are answered, then all are closed with 1012, some at a time.
   *
   * @returns A promise that resolves when no connection is left: after `drainTimeoutMs` all have been closed, and `closeTimeoutMs` later at the latest
   * whoever is still there is cut off. Only then should the server be closed: until then it answers who comes with 503 and `Retry-After`.
   */
  drain(): Promise<void> {
    return this.#drained ??= this.#drainOnce();
  }

  /** Refuses new upgrades and closes all connections with 1001, now. */
  close(): void {
    this.#parts.endAll();
    this.#parts.acceptor.close();
  }

  async #drainOnce(): Promise<void> {
    const { acceptor, drain, clock, limits: { drainTimeoutMs, closeTimeoutMs } } = this.#parts;
    acceptor.drain();
    // Timers, and no moment to compare with, as in the drain of the sessions; and one after the other: once an event loop has stood still,
    // both would be due at once, and nobody would get the Close frame that has just been queued.
    let deadline = clock.after(drainTimeoutMs, () => {
      deadline = clock.after(closeTimeoutMs, () => acceptor.cutOff());
    });
    await drain.begin();
    // Those that have no session yet, or are only told why they get none.
    acceptor.close(CLOSE.restart.code);
    await acceptor.emptied();
    deadline.cancel();
    this.#parts.endAll();
  }
}
