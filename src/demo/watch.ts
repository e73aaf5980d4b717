/**
 * Who watches which connection: the events of a gate's trace, sorted by the name that a page has put into the URL of its connection.
 *
 * @module
 */

import type { TraceEvent } from "../mod.ts";
import { WATCH_PARAMETER } from "./paths.ts";

/** Gets the events of one name. */
export type Watcher = (event: TraceEvent) => void;

/** A connection that somebody watches, or an attempt at one. */
interface Watched {
  readonly name: string;
  /** Whether there has been a 101: its end is still to come. */
  isOpen: boolean;
}

/** The name of a watch: what a page draws, and nothing that could be anything else. */
const NAME_FORM = "[A-Za-z0-9-]{8,64}";
const NAME = new RegExp(`^${NAME_FORM}$`);

/** In a request line in which the value of the parameter is shown. */
const NAMED = new RegExp(`[?&]${WATCH_PARAMETER}=(${NAME_FORM})[& ]`);

/** More pages than that nobody has open; a watcher too many is refused. */
const MAX_NAMES = 256;

/** Sorts events. */
export class Watches {
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #connections = new Map<number, Watched>();
  /** The names of sessions, by their ids. */
  readonly #sessions = new Map<string, string>();

  /** Whether a text can be a name. */
  static isName(text: unknown): text is string {
    return typeof text === "string" && NAME.test(text);
  }

  /**
   * Begins to watch.
   *
   * @param name Of the connections.
   * @param watcher Gets their events; must not throw.
   * @returns Ends it; `undefined` when there are too many already.
   */
  watch(name: string, watcher: Watcher): (() => void) | undefined {
    const known = this.#watchers.get(name);
    if (known === undefined && this.#watchers.size >= MAX_NAMES) return undefined;
    const watchers = known ?? new Set();
    watchers.add(watcher);
    this.#watchers.set(name, watchers);
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0 && this.#watchers.get(name) === watchers) this.#watchers.delete(name);
    };
  }

  /** Whether somebody watches the connection that comes of a request. @param line Its request line. */
  observes(line: string): boolean {
    return this.#watchers.has(NAMED.exec(line)?.[1] ?? "");
  }

  /** Takes an event of the gate's trace. */
  tell(event: TraceEvent): void {
    const name = "sessionId" in event ? this.#nameOfSession(event) : this.#nameOfConnection(event);
    if (name === undefined) return;
    for (const watcher of this.#watchers.get(name) ?? []) watcher(event);
    this.#forget(event);
  }

  /** A request is the first event of a connection: it is watched, or all that comes of it is not. */
  #nameOfConnection(event: Exclude<TraceEvent, { readonly sessionId: string }>): string | undefined {
    if (event.kind === "request") {
      const name = NAMED.exec(event.request.line)?.[1] ?? "";
      if (!this.#watchers.has(name)) return undefined;
      this.#connections.set(event.connection, { name, isOpen: false });
      return name;
    }
    const watched = this.#connections.get(event.connection);
    if (watched !== undefined && event.kind === "answer") {
      watched.isOpen = event.answer.startsWith("HTTP/1.1 101 ");
    }
    return watched?.name;
  }

  #nameOfSession(event: Extract<TraceEvent, { readonly sessionId: string }>): string | undefined {
    if (event.kind === "lease" && event.connection !== undefined) {
      const name = this.#connections.get(event.connection)?.name;
      if (name !== undefined) this.#sessions.set(event.sessionId, name);
    }
    return this.#sessions.get(event.sessionId);
  }

  #forget(event: TraceEvent): void {
    if (event.kind === "end") this.#connections.delete(event.connection);
    if (event.kind === "lease" && event.change === "ended") this.#sessions.delete(event.sessionId);
    if (event.kind !== "decision") return;
    const { outcome, purpose } = event.decision;
    const isOver = outcome === "refused" || purpose !== "upgrade";
    if (isOver && this.#connections.get(event.connection)?.isOpen === false) {
      this.#connections.delete(event.connection);
    }
  }
}
