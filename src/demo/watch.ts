/**
 * Who watches which connection: the events of a gate's trace, sorted by the name that a page has put into the URL of its connection.
 *
 * @module
 */

import type { RequestTrace, TraceEvent, TraceOptions } from "../mod.ts";
import { WATCH_PARAMETER } from "./paths.ts";

/** Gets the events of one name. */
export type Watcher = (event: TraceEvent) => void;

/** A name that is watched, and the connections and attempts that have it: when its last watcher goes, so do those. */
interface Watched {
  readonly watchers: Set<Watcher>;
  readonly connections: Set<number>;
}

/** The name of a watch: what a page draws, and nothing that could be anything else. */
const NAME_FORM = "[A-Za-z0-9-]{8,64}";
const NAME = new RegExp(`^${NAME_FORM}$`);

/** In a request line in which the value of the parameter is shown. */
const NAMED = new RegExp(`[?&]${WATCH_PARAMETER}=(${NAME_FORM})[& ]`);

/** So many names are watched at once. Where pages have taken all of theirs, there is still room for the attacks that run. */
const MAX_NAMES = { page: 256, attack: 264 } as const;

/** One page watches a name; a few more may, as when it is loaded anew while its old stream still stands. */
const MAX_WATCHERS = 4;

/** So many connections of one name are told of at once, the latest: a page has one for each, and a knock now and then. */
const MAX_CONNECTIONS = 64;

/** How much of each payload those who watch are shown. */
const SHOWN_BYTES = 2_048;

/** Sorts events. */
export class Watches {
  /** How gates are observed: one object for all of them, so that no two connections have the same number. */
  readonly trace: TraceOptions = {
    tell: (event) => this.tell(event),
    observes: ({ line }) => this.observes(line),
    payloadBytes: SHOWN_BYTES,
    shownParameters: [WATCH_PARAMETER],
  };
  readonly #names = new Map<string, Watched>();
  readonly #connections = new Map<number, Watched>();

  /** Whether a text can be a name. */
  static isName(text: unknown): text is string {
    return typeof text === "string" && NAME.test(text);
  }

  /**
   * Begins to watch.
   *
   * @param name Of the connections.
   * @param watcher Gets their events; must not throw.
   * @param by Who watches: an attack still finds room where pages do not.
   * @returns Ends it; `undefined` when there are too many already.
   */
  watch(name: string, watcher: Watcher, by: keyof typeof MAX_NAMES = "page"): (() => void) | undefined {
    const known = this.#names.get(name);
    if (known === undefined && this.#names.size >= MAX_NAMES[by]) return undefined;
    const watched = known ?? { watchers: new Set(), connections: new Set() };
    if (watched.watchers.size >= MAX_WATCHERS) return undefined;
    watched.watchers.add(watcher);
    this.#names.set(name, watched);
    return () => {
      watched.watchers.delete(watcher);
      if (watched.watchers.size === 0 && this.#names.get(name) === watched) this.#forgetName(name, watched);
    };
  }

  /** Whether somebody watches the connection that comes of a request. @param line Its request line. */
  observes(line: string): boolean {
    return this.#names.has(nameIn(line));
  }

  /** How many connections are known. */
  get size(): number {
    return this.#connections.size;
  }

  /** Takes an event of a gate's trace. */
  tell(event: TraceEvent): void {
    if (event.kind === "request") this.#begin(event);
    const watched = this.#connections.get(event.connection);
    if (watched === undefined) return;
    for (const watcher of watched.watchers) watcher(event);
    if (isLast(event)) this.#forget(event.connection, watched);
  }

  /** A request is the first event of a connection: it is watched, or all that comes of it is not. */
  #begin({ request, connection }: RequestTrace): void {
    const watched = this.#names.get(nameIn(request.line));
    if (watched === undefined) return;
    const [oldest] = watched.connections;
    if (watched.connections.size >= MAX_CONNECTIONS && oldest !== undefined) this.#forget(oldest, watched);
    watched.connections.add(connection);
    this.#connections.set(connection, watched);
  }

  #forget(connection: number, watched: Watched): void {
    watched.connections.delete(connection);
    this.#connections.delete(connection);
  }

  #forgetName(name: string, watched: Watched): void {
    this.#names.delete(name);
    for (const connection of watched.connections) this.#forget(connection, watched);
  }
}

function nameIn(line: string): string {
  return NAMED.exec(line)?.[1] ?? "";
}

/** Whether nothing more is told of a connection. What is asked at other paths than the gate's has no answer that is told. */
function isLast(event: TraceEvent): boolean {
  if (event.kind === "answer") return !event.answer.startsWith("HTTP/1.1 101 ");
  return event.kind === "end" || (event.kind === "decision" && event.decision.purpose !== "upgrade");
}
