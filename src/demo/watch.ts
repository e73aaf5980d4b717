/**
 * Who watches which connection: the events of a gate's trace, sorted by the name that a page has put into the URL of its connection.
 *
 * @module
 */

import type { TraceEvent } from "../mod.ts";
import { WATCH_PARAMETER } from "./paths.ts";

/** Gets the events of one name. */
export type Watcher = (event: TraceEvent) => void;

/** A name that is watched, and all that is known by it: when its last watcher goes, so does the rest. */
interface Watched {
  readonly watchers: Set<Watcher>;
  /** The connections and attempts that have it. */
  readonly connections: Map<number, Attempt>;
  /** The ids of their sessions. */
  readonly sessions: Set<string>;
}

/** A connection, or an attempt at one. */
interface Attempt {
  /** How it was answered: after a 101, its end is still to come. */
  answer: "none" | "open" | "refusal";
  isRefused: boolean;
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

/** Sorts events. */
export class Watches {
  readonly #names = new Map<string, Watched>();
  readonly #connections = new Map<number, Watched>();
  readonly #sessions = new Map<string, Watched>();

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
    const watched = known ?? { watchers: new Set(), connections: new Map(), sessions: new Set() };
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

  /** How many connections and sessions are known by a name. */
  get size(): number {
    return this.#connections.size + this.#sessions.size;
  }

  /** Takes an event of the gate's trace. */
  tell(event: TraceEvent): void {
    const watched = "sessionId" in event ? this.#ofSession(event) : this.#ofConnection(event);
    if (watched === undefined) return;
    for (const watcher of watched.watchers) watcher(event);
    this.#forget(event, watched);
  }

  /** A request is the first event of a connection: it is watched, or all that comes of it is not. */
  #ofConnection(event: Exclude<TraceEvent, { readonly sessionId: string }>): Watched | undefined {
    if (event.kind === "request") this.#begin(event.connection, this.#names.get(nameIn(event.request.line)));
    const watched = this.#connections.get(event.connection);
    const attempt = watched?.connections.get(event.connection);
    if (attempt === undefined) return undefined;
    if (event.kind === "answer") {
      attempt.answer = event.answer.startsWith("HTTP/1.1 101 ") ? "open" : "refusal";
    }
    if (event.kind === "decision") attempt.isRefused = event.decision.outcome === "refused";
    return watched;
  }

  #begin(connection: number, watched: Watched | undefined): void {
    if (watched === undefined) return;
    const [oldest] = watched.connections.keys();
    if (watched.connections.size >= MAX_CONNECTIONS && oldest !== undefined) {
      this.#forgetConnection(oldest, watched);
    }
    watched.connections.set(connection, { answer: "none", isRefused: false });
    this.#connections.set(connection, watched);
  }

  #ofSession(event: Extract<TraceEvent, { readonly sessionId: string }>): Watched | undefined {
    if (event.kind === "lease" && event.connection !== undefined) {
      const watched = this.#connections.get(event.connection);
      if (watched === undefined) return undefined;
      watched.sessions.add(event.sessionId);
      this.#sessions.set(event.sessionId, watched);
    }
    return this.#sessions.get(event.sessionId);
  }

  #forget(event: TraceEvent, watched: Watched): void {
    if (!("sessionId" in event)) {
      const attempt = watched.connections.get(event.connection);
      if (attempt !== undefined && isLast(event, attempt)) this.#forgetConnection(event.connection, watched);
    } else if (event.kind === "lease" && event.change === "ended") {
      watched.sessions.delete(event.sessionId);
      this.#sessions.delete(event.sessionId);
    }
  }

  #forgetConnection(connection: number, watched: Watched): void {
    watched.connections.delete(connection);
    // Each gate counts from 1: the number may belong to a connection of the next one by now.
    if (this.#connections.get(connection) === watched) this.#connections.delete(connection);
  }

  #forgetName(name: string, watched: Watched): void {
    this.#names.delete(name);
    for (const connection of watched.connections.keys()) this.#forgetConnection(connection, watched);
    for (const session of watched.sessions) this.#sessions.delete(session);
  }
}

function nameIn(line: string): string {
  return NAMED.exec(line)?.[1] ?? "";
}

/** Nothing comes after the end of a connection, nor after the refusal of an attempt and its answer, in whichever order they come. */
function isLast(event: TraceEvent, { answer, isRefused }: Attempt): boolean {
  if (event.kind === "end") return true;
  if (answer === "open") return false;
  // What is no upgrade is not told of an answer.
  const isQuestion = event.kind === "decision" && event.decision.purpose !== "upgrade";
  return isQuestion || (isRefused && answer === "refusal");
}
