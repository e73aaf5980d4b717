/**
 * Who is present: a subject with at least one session. The last tab counts, and a page that is reloaded is not told to
 * everybody as a leaving and a coming.
 *
 * @module
 */

import { Agenda } from "../base/agenda.ts";
import type { Clock } from "../base/clock.ts";
import { type Deadline, NOT_QUEUED } from "../base/deadline_queue.ts";
import type { Limits } from "../base/limits.ts";
import type { Registry } from "./registry.ts";

/** What a subject becomes: the first session makes it present, the end of the last one absent. */
export type PresenceState = "present" | "absent";

/** What a presence works with. */
export interface PresenceOptions {
  readonly clock: Clock;
  /** How long a subject without a session still counts as present, and how many may at once. */
  readonly limits: Pick<Limits, "presenceGraceMs" | "maxSessions">;
  /** Told of each change. Must not throw. */
  readonly changed: (subject: string, state: PresenceState) => void;
}

class Departure implements Deadline {
  readonly subject: string;
  dueAtMs = 0;
  queueIndex: number = NOT_QUEUED;

  constructor(subject: string) {
    this.subject = subject;
  }
}

/** Adds a grace time to what the registry knows. */
export class Presence {
  readonly #registry: Pick<Registry, "countOf" | "subjects">;
  readonly #options: PresenceOptions;
  readonly #departures = new Map<string, Departure>();
  readonly #agenda: Agenda<Departure>;

  /**
   * Made by a gate.
   *
   * @param registry Knows the sessions.
   * @param options What to work with.
   */
  constructor(registry: Pick<Registry, "countOf" | "subjects">, options: PresenceOptions) {
    this.#registry = registry;
    this.#options = options;
    this.#agenda = new Agenda(options.clock, ({ subject }) => this.#gone(subject));
  }

  /** Whether a subject is present, the grace time included. */
  isPresent(subject: string): boolean {
    return this.#registry.countOf(subject) > 0 || this.#departures.has(subject);
  }

  /** Lists the subjects that are present, those in their grace time included. */
  subjects(): string[] {
    return [...this.#registry.subjects(), ...this.#departures.keys()];
  }

  /** @internal A session of this subject has been added to the registry. */
  arrived(subject: string): void {
    if (this.#registry.countOf(subject) > 1) return;
    const departure = this.#departures.get(subject);
    if (departure === undefined) return this.#options.changed(subject, "present");
    this.#departures.delete(subject);
    this.#agenda.delete(departure);
  }

  /** @internal A session of this subject has been removed from the registry. */
  left(subject: string): void {
    if (this.#registry.countOf(subject) > 0) return;
    const { clock, limits } = this.#options;
    const departure = new Departure(subject);
    this.#departures.set(subject, departure);
    // Whoever is one too many goes without a grace time.
    if (limits.presenceGraceMs === 0 || this.#departures.size > limits.maxSessions) {
      return this.#gone(subject);
    }
    this.#agenda.set(departure, clock.now() + limits.presenceGraceMs);
  }

  #gone(subject: string): void {
    this.#departures.delete(subject);
    this.#options.changed(subject, "absent");
  }
}
