/**
 * The upgrade, from the request to an open connection, on any server of `node:http` or `node:https`.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "../base/clock.ts";
import { PortcullisError } from "../base/errors.ts";
import { type Limits, resolveLimits } from "../base/limits.ts";
import { CLOSE } from "../protocol/close_codes.ts";
import { parseTarget, parseUpgrade, type UpgradeRequest } from "../protocol/handshake.ts";
import type { AcceptedRequest, AcceptorOptions } from "./acceptor_options.ts";
import type { Connection } from "./connection.ts";
import { Connections } from "./connections.ts";
import { Endpoints } from "./endpoints.ts";
import { type Asked, Entrance } from "./entrance.ts";
import {
  checkRealm,
  encodeRefusal,
  type Refusal,
  refusalForRule,
  type RefusalRow,
  REFUSALS,
  refuse,
} from "./refusal.ts";
import { systemClock } from "./system_clock.ts";
import {
  abandon,
  answerFirst,
  ignoreReset,
  UnansweredRequests,
  type UpgradeServer,
} from "./upgrade_server.ts";

/** What the envelope around a token takes at the most, in a first message. */
const MAX_AUTH_ENVELOPE_BYTES = 1_024;

/** Takes upgrades and keeps the connections. */
export class Acceptor {
  readonly #options: AcceptorOptions;
  readonly #limits: Limits;
  readonly #realm: string;
  readonly #entrance: Entrance;
  readonly #endpoints: Endpoints;
  readonly #connections: Connections;
  readonly #clock: Clock;

  /**
   * Makes an acceptor; {@link Acceptor.attach} puts it on a server.
   *
   * @param options What the acceptor is told.
   * @throws {PortcullisError} `invalid_argument` for limits, compression, origins, keys, an audience, carriers, paths,
   * trusted proxies or a realm out of bounds.
   */
  constructor(options: AcceptorOptions) {
    this.#options = options;
    this.#limits = resolveLimits(options.limits);
    this.#realm = options.realm ?? "portcullis";
    checkRealm(this.#realm);
    const clock = this.#clock = options.clock ?? systemClock;
    const reportError = options.reportError ?? console.error;
    this.#entrance = new Entrance(options, this.#limits, clock, reportError);
    if (this.#entrance.door.takes("message") && options.unauthenticated === undefined) {
      throw new PortcullisError(
        "invalid_argument",
        "The carrier message needs a gate: an acceptor reads no messages.",
      );
    }
    if (options.path !== undefined && parseTarget(options.path)?.path !== options.path) {
      throw new PortcullisError(
        "invalid_argument",
        "The path begins with / and has no query; no request can have another.",
      );
    }
    this.#endpoints = new Endpoints(options, this.#entrance, this.#limits, this.#realm, clock);
    const { occupancy, tracer } = this.#entrance;
    this.#connections = new Connections(options, this.#limits, clock, reportError, occupancy, tracer);
  }

  /** The connections there are now, those whose close is under way included: a copy. To count them, ask for the `size`. */
  get connections(): ReadonlySet<Connection> {
    return new Set(this.#connections.all.list());
  }

  /** How many connections there are, those whose close is under way included. */
  get size(): number {
    return this.#connections.all.size;
  }

  /** How many bytes wait for peers to read them, on all connections. */
  get queuedBytes(): number {
    return this.#connections.queuedBytes;
  }

  /** @internal Decides; for the gate, whose sessions are judged by the same. */
  get entrance(): Entrance {
    return this.#entrance;
  }

  /**
   * Answers all upgrades of a server, and the ordinary requests for `checkPath` and `ticketPath`. To be called when the
   * server has its own listeners for requests: those do not see the two paths any more. Listeners that come later do.
   *
   * @param server Of `node:http` or `node:https`; its other requests stay its own.
   * @returns This acceptor.
   */
  attach(server: UpgradeServer): this {
    const unanswered = new UnansweredRequests();
    if (this.#endpoints.any) {
      answerFirst(server, (request, response) => this.handleRequest(request, response));
    }
    server.on("request", (request, response) => unanswered.add(request.socket, response));
    server.on("upgrade", (request, socket, head) => {
      if (unanswered.has(socket)) abandon(socket);
      else this.handleUpgrade(request, socket, head);
    });
    return this;
  }

  /**
   * Answers one ordinary request, if it is for `checkPath` or `ticketPath`. For servers that route by themselves.
   *
   * @param request The request.
   * @param response Its response.
   * @returns Whether the request was, or will be, answered here; otherwise it is somebody else's.
   */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    return this.#endpoints.handle(request, response);
  }

  /**
   * Answers one upgrade, for servers that route by themselves. It takes the three arguments of the `upgrade` event, and
   * must be called within it, or by a front door.
   *
   * @param request The request; no more of it is looked at than method, version, target and the raw header lines.
   * @param socket Its socket, which belongs to the acceptor from now on.
   * @param head What came behind the request in the same chunk.
   */
  handleUpgrade(request: UpgradeRequest, socket: Duplex, head: Buffer): void {
    // #region first_listener
    // First of all: the socket comes without a listener, and a reset at any later moment would end the process.
    socket.on("error", ignoreReset);
    const peer = (socket as Partial<Socket>).remoteAddress ?? "";
    const address = this.#entrance.addressOf(peer, request.rawHeaders);
    const traceNumber = this.#entrance.tracer?.request(request, address);
    const { shut } = this.#entrance;
    if (shut !== undefined) return this.#refuse(socket, head, shut, { address, traceNumber });
    const parsed = parseUpgrade(request, this.#limits);
    if (!parsed.ok) {
      const refused = { name: refusalForRule(parsed.fault), reason: parsed.fault };
      return this.#refuse(socket, head, refused, { address, traceNumber });
    }
    // #endregion
    const asked = { address, offer: parsed.value, traceNumber };
    if (this.#options.path !== undefined && asked.offer.path !== this.#options.path) {
      return this.#refuse(socket, head, { name: "not_found", reason: "path" }, asked);
    }
    const judged = this.#entrance.judge(asked, "redeem");
    if (!judged.ok) return this.#refuse(socket, head, judged.fault, asked);
    const isDeferred = judged.value.carrier === "message";
    if (this.#options.approve === undefined || isDeferred) return this.#complete(socket, head, judged.value);
    void this.#completeWhenApproved(socket, head, judged.value);
  }

  /**
   * Refuses new upgrades and closes what is open.
   *
   * @param code By default 1001, "going away".
   * @param reason At most 123 bytes of UTF-8.
   */
  close(code: number = CLOSE.goingAway.code, reason = ""): void {
    this.#entrance.close();
    for (const connection of this.#connections.all.list()) connection.close(code, reason);
  }

  /** Refuses new upgrades with 503; what is open stays so. */
  drain(): void {
    this.#entrance.drain();
  }

  /** Waits until no connection is left, which may be now. */
  emptied(): Promise<void> {
    return this.#connections.emptied();
  }

  /** Ends all connections at once, without a word: nobody should be able to keep a server from its end. */
  cutOff(): void {
    for (const connection of this.#connections.all.list()) connection.destroy();
  }

  async #completeWhenApproved(socket: Duplex, head: Buffer, request: AcceptedRequest): Promise<void> {
    const abandoned = new AbortController();
    const onClose = () => abandoned.abort();
    socket.once("close", onClose);
    const refused = await this.#entrance.approvals.ask(request, abandoned);
    socket.off("close", onClose);
    if (refused === undefined) this.#complete(socket, head, request);
    else this.#refuse(socket, head, refused, request);
  }

  /** Nothing in here may await: between the last check and the 101, nothing can change. */
  #complete(socket: Duplex, head: Buffer, asked: AcceptedRequest): void {
    // #region in_one_turn
    if (socket.destroyed || !socket.writable) return this.#entrance.abandoned(asked);
    const checked = this.#entrance.lastCheck(asked);
    if (!checked.ok) return this.#refuse(socket, head, checked.fault, asked);
    const request = checked.value;
    this.#entrance.decided("upgrade", request);
    if (request.carrier !== "message") {
      const begin = (made: Connection) => this.#options.connected(made, request);
      return this.#connections.open(socket, head, request, "known", begin);
    }
    // Nobody who is not known yet gets memory for a message longer than a token.
    this.#connections.open(socket, head, request, "stranger", (made) => {
      made.restrict(this.#limits.maxTokenBytes + MAX_AUTH_ENVELOPE_BYTES);
      return this.#options.unauthenticated?.(made, request) ?? {};
    });
    // #endregion
  }

  #refuse(socket: Duplex, head: Buffer, refused: Refusal, asked: Asked): void {
    const { closeTimeoutMs } = this.#limits;
    const { explainedAs, title }: RefusalRow = REFUSALS[refused.name];
    const { offer, address, traceNumber } = asked;
    this.#entrance.decided("upgrade", asked, refused);
    const isExplained = this.#options.explainRefusals === true && explainedAs !== undefined &&
      offer !== undefined;
    // A connection that only tells why there is none takes a place all the same.
    if (!isExplained || this.#entrance.occupancy.noRoomFor("stranger", address) !== undefined) {
      refuse(socket, refused.name, this.#realm, this.#clock, closeTimeoutMs);
      if (traceNumber !== undefined) {
        this.#entrance.tracer?.answer(traceNumber, encodeRefusal(refused.name, this.#realm));
      }
    } else if (!socket.destroyed && socket.writable) {
      // After its own Close frame, a connection drops what still comes: nothing that this client sends is looked at.
      this.#connections.open(socket, head, { offer, address, traceNumber }, "stranger", (made) => {
        made.close(CLOSE[explainedAs].code, title);
        return {};
      });
    } else {
      this.#entrance.abandoned(asked);
    }
  }
}
