/**
 * Where the events of an observed gate come together: numbers its connections, and tells the observer, whose faults are nobody else's.
 *
 * @module
 */

import type { PermissionTable } from "../auth/permission.ts";
import { type RequestText, seeRequest, type ShownParts } from "../auth/seen_request.ts";
import type { Clock } from "../base/clock.ts";
import { PortcullisError } from "../base/errors.ts";
import { callGuarded } from "../base/promise.ts";
import { printable } from "../base/text.ts";
import { CLOSE } from "../protocol/close_codes.ts";
import type { Side } from "../protocol/frame.ts";
import type { MessageLimits } from "../protocol/message.ts";
import { SessionTrace } from "../session/trace.ts";
import { ConnectionTrace } from "./connection_trace.ts";
import type { Decision } from "./decision.ts";
import type { SocketConnection } from "./socket_connection.ts";
import type { ClientTraceOptions, TraceEvent, TraceOptions } from "./trace.ts";

/** By what each observer gave: clients have a tracer each, and whoever watches several of them tells them apart. */
const LAST_NUMBERS = new WeakMap<ClientTraceOptions, number>();

/** The most bytes of a payload that can be shown. */
const MAX_PAYLOAD_BYTES = 65_536;

/** Tells an observer. */
export class Tracer {
  readonly #options: TraceOptions;
  readonly #payloadBytes: number;
  readonly #clock: Clock;
  readonly #reportError: (error: unknown) => void;
  readonly #shown: ShownParts;

  /**
   * @param options Who observes.
   * @param clock The time.
   * @param reportError Gets what the observer throws.
   * @param subprotocols Those that are spoken.
   * @throws {PortcullisError} `invalid_argument` for an observer that is no function, parameters that are no list, or payloads that are too long.
   */
  constructor(
    options: TraceOptions,
    clock: Clock,
    reportError: (error: unknown) => void,
    subprotocols: readonly string[] = [],
  ) {
    const { tell, observes, payloadBytes = 0, shownParameters = [] } = options;
    if (typeof tell !== "function" || !(observes === undefined || typeof observes === "function")) {
      throw new PortcullisError(
        "invalid_argument",
        "In the option trace, `tell` or `observes` is no function.",
      );
    }
    if (!Array.isArray(shownParameters)) {
      throw new PortcullisError("invalid_argument", "In the option trace, `shownParameters` is no list.");
    }
    if (!(Number.isInteger(payloadBytes) && payloadBytes >= 0 && payloadBytes <= MAX_PAYLOAD_BYTES)) {
      throw new PortcullisError(
        "invalid_argument",
        `payloadBytes is ${payloadBytes}; it must be a whole number from 0 to ${MAX_PAYLOAD_BYTES}.`,
      );
    }
    this.#options = options;
    this.#shown = { parameters: shownParameters, subprotocols };
    this.#payloadBytes = payloadBytes;
    this.#clock = clock;
    this.#reportError = reportError;
  }

  /** A request has come. @returns The number of the connection that may come of it; `undefined` when it is not observed. */
  request(request: RequestText, address: string): number | undefined {
    const seen = seeRequest(request, this.#shown);
    let isObserved = this.#options.observes === undefined;
    callGuarded(() => isObserved ||= this.#options.observes?.(seen) === true, this.#reportError);
    if (!isObserved) return undefined;
    const connection = this.#nextNumber();
    const about = { request: seen, address: printable(address) };
    this.#tell({ kind: "request", atMs: this.#clock.now(), connection, ...about });
    return connection;
  }

  /** It was decided about a request. */
  decision(connection: number, decision: Decision): void {
    this.#tell({ kind: "decision", atMs: this.#clock.now(), connection, decision });
  }

  /** An upgrade was answered. @param answer The head of a 101, or a whole refusal: no secrets are in either. */
  answer(connection: number, answer: string): void {
    this.#tell({ kind: "answer", atMs: this.#clock.now(), connection, answer });
  }

  /** The client went away before it was decided about. */
  abandoned(connection: number): void {
    const status = { code: CLOSE.abnormal.code, reason: "", by: "transport", rule: undefined } as const;
    this.#tell({ kind: "end", atMs: this.#clock.now(), connection, status });
  }

  /**
   * Observes a connection from its first frame on.
   *
   * @param observed Which.
   * @param role Which side this is.
   * @param limits What a message may cost this side.
   * @param connection Its number; without one, it gets the next.
   */
  observe(
    observed: SocketConnection,
    role: Side,
    limits: MessageLimits,
    connection: number = this.#nextNumber(),
  ): void {
    observed.observe(
      new ConnectionTrace({
        connection,
        role,
        limits,
        deflate: observed.deflate,
        payloadBytes: this.#payloadBytes,
        now: () => this.#clock.now(),
        queuedBytes: () => observed.queuedBytes,
        tell: (event) => this.#tell(event),
        reportError: this.#reportError,
      }),
    );
  }

  /** What sessions tell. @param table By which their messages are judged. */
  sessions(table: PermissionTable<string, object, object>): SessionTrace {
    return new SessionTrace({ table, now: () => this.#clock.now(), tell: (event) => this.#tell(event) });
  }

  #nextNumber(): number {
    const number = (LAST_NUMBERS.get(this.#options) ?? 0) + 1;
    LAST_NUMBERS.set(this.#options, number);
    return number;
  }

  #tell(event: TraceEvent): void {
    callGuarded(() => this.#options.tell(event), this.#reportError);
  }
}

/** Makes a tracer where somebody observes, and nothing where nobody does. */
export function tracerOf(
  options: TraceOptions | undefined,
  clock: Clock,
  reportError: (error: unknown) => void,
  subprotocols?: readonly string[],
): Tracer | undefined {
  return options === undefined ? undefined : new Tracer(options, clock, reportError, subprotocols);
}
