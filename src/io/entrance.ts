/**
 * The whole decision about one request, whoever asks for it: an upgrade, a page that wants to know why its upgrade failed,
 * a page that wants a ticket. There is one verifier and one order of steps for all of them.
 *
 * @module
 */

import type { Identity } from "../auth/claims.ts";
import type { Carrier } from "../auth/credential.ts";
import { decisionSteps } from "../auth/decision.ts";
import { Door, type DoorPolicy, type TicketUse } from "../auth/door.ts";
import type { Clock } from "../base/clock.ts";
import type { Limits } from "../base/limits.ts";
import { callGuarded } from "../base/promise.ts";
import { fault, ok, type Result } from "../base/result.ts";
import { printable } from "../base/text.ts";
import type { UpgradeOffer } from "../protocol/handshake.ts";
import type { AcceptedRequest, AcceptorOptions } from "./acceptor_options.ts";
import type { Decision, Purpose } from "./decision.ts";
import { Approvals } from "./approvals.ts";
import { Occupancy } from "./occupancy.ts";
import { type AddressReader, addressReader } from "./peer_address.ts";
import type { Refusal } from "./refusal.ts";
import { type Tracer, tracerOf } from "./tracer.ts";

/** What is known of a request when the decision falls. */
export interface Asked {
  readonly address: string;
  readonly offer?: UpgradeOffer | undefined;
  readonly identity?: Identity | undefined;
  readonly carrier?: Carrier | undefined;
  /** The number by which it is observed. */
  readonly traceNumber?: number | undefined;
}

/** Decides about requests. */
export class Entrance {
  /** Verifies credentials. */
  readonly door: Door;
  /** Counts connections. */
  readonly occupancy: Occupancy;
  /** Tells whose request it is, as far as an address can. */
  readonly addressOf: AddressReader;
  /** Asks the application. */
  readonly approvals: Approvals;
  /** Tells who watches, if anybody does. */
  readonly tracer: Tracer | undefined;
  readonly #options: AcceptorOptions;
  readonly #clock: Clock;
  readonly #reportError: (error: unknown) => void;
  #state: "open" | "draining" | "closed" = "open";

  /**
   * @param options Of the acceptor.
   * @param limits How much of everything.
   * @param clock The time.
   * @param reportError Gets what the application's functions throw.
   * @throws {PortcullisError} `invalid_argument` for a policy or trusted proxies that cannot be used.
   */
  constructor(options: AcceptorOptions, limits: Limits, clock: Clock, reportError: (error: unknown) => void) {
    this.#options = options;
    this.#clock = clock;
    this.#reportError = reportError;
    this.door = new Door(options as DoorPolicy, limits);
    this.occupancy = new Occupancy(limits);
    this.addressOf = addressReader(options.trustedProxies);
    this.approvals = new Approvals(options, limits, clock, reportError);
    this.tracer = options.tracer ?? tracerOf(options.trace, clock, reportError, options.subprotocols);
  }

  /** Refuses everything from now on. */
  close(): void {
    this.#state = "closed";
    this.approvals.giveUp("closed");
  }

  /** Refuses everything from now on, as long as those who are in are on their way out. */
  drain(): void {
    if (this.#state !== "open") return;
    this.#state = "draining";
    this.approvals.giveUp("draining");
  }

  /** Whether anybody is let in. */
  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** Why no request is taken at all. */
  get shut(): Refusal | undefined {
    if (this.#state !== "open") return { name: "busy", reason: this.#state };
    if (this.approvals.isBusy("stranger")) {
      return { name: "busy", reason: "pending" };
    }
    return undefined;
  }

  /**
   * Says everything that can be said of a request at once: Origin, credential, token.
   *
   * @param asked The request, the address of its peer, and the number by which it is observed.
   * @param use What becomes of a ticket in it.
   * @param carriers Where the credential may be; by default where the policy says.
   */
  judge(
    { offer, address, traceNumber }: Pick<AcceptedRequest, "offer" | "address" | "traceNumber">,
    use: TicketUse,
    carriers?: readonly Carrier[],
  ): Result<AcceptedRequest, Refusal> {
    try {
      const entrant = this.door.judge(offer, this.#clock.now(), use, carriers);
      if (entrant.ok) {
        const { identity, carrier } = entrant.value;
        return ok({ offer, address, traceNumber, identity, carrier });
      }
      const { refusal, reason, carrier } = entrant.fault;
      return fault({ name: refusal, reason, carrier });
    } catch (error) {
      return this.#keysFailed(error);
    }
  }

  /**
   * Judges what may have changed while the approval was awaited, and whether there is room.
   *
   * @param request What has passed so far.
   * @returns The request, with the roles that hold now, or why not.
   */
  lastCheck(request: AcceptedRequest): Result<AcceptedRequest, Refusal> {
    if (this.#state !== "open") return fault({ name: "busy", reason: this.#state });
    const { identity, carrier, address } = request;
    try {
      const judged = identity === undefined
        ? undefined
        : this.door.standing.judge(identity, this.#clock.now());
      if (judged?.ok === false) return fault({ name: "invalid_token", reason: judged.fault });
      // The roles may have changed, too.
      const current = { ...request, identity: judged?.value };
      const whose = identity === undefined && carrier === "message" ? "stranger" : "known";
      const full = this.occupancy.noRoomFor(whose, address) ?? this.#askForRoom(current);
      return full === undefined ? ok(current) : fault(full);
    } catch (error) {
      return this.#keysFailed(error);
    }
  }

  /** Tells the application what was decided. */
  decided(purpose: Purpose, asked: Asked, refused?: Refusal): void {
    const { offer, identity, address, carrier = refused?.carrier, traceNumber } = asked;
    const deferred = carrier === "message" && identity === undefined;
    this.#options.meter?.decided(purpose, refused?.name ?? (deferred ? "deferred" : "admitted"), carrier);
    const { decided } = this.#options;
    if (decided === undefined && traceNumber === undefined) return;
    const decision: Decision = {
      purpose,
      outcome: refused !== undefined ? "refused" : deferred ? "deferred" : "admitted",
      atMs: this.#clock.now(),
      refused,
      carrier,
      subject: identity === undefined ? undefined : printable(identity.subject),
      origin: offer?.origin === undefined ? undefined : printable(offer.origin),
      address: printable(address),
      get steps() {
        return decisionSteps(carrier, refused?.reason, deferred ? "to_come" : "shown");
      },
    };
    if (traceNumber !== undefined) this.tracer?.decision(traceNumber, decision);
    callGuarded(() => decided?.(decision), this.#reportError);
  }

  /** The client has gone before it was decided. */
  abandoned({ traceNumber }: Asked): void {
    if (traceNumber !== undefined) this.tracer?.abandoned(traceNumber);
  }

  #askForRoom(request: AcceptedRequest): Refusal | undefined {
    try {
      return this.#options.admit?.(request);
    } catch (error) {
      this.#reportError(error);
      return { name: "server_fault", reason: "admission_failed" };
    }
  }

  /** A source of keys is the application's own, and a `kid` a stranger's text: what one throws at the other ends nothing else. */
  #keysFailed(error: unknown): Result<AcceptedRequest, Refusal> {
    this.#reportError(error);
    return fault({ name: "server_fault", reason: "key_source_failed" });
  }
}
