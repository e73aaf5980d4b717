/**
 * The 101, and the connections that it makes: all of a server, looked after by one heartbeat and counted by address.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";
import type { Clock } from "../base/clock.ts";
import type { Limits } from "../base/limits.ts";
import { CLOSE } from "../protocol/close_codes.ts";
import { acceptOffer } from "../protocol/deflate_negotiation.ts";
import { resolveDeflate } from "../protocol/deflate_options.ts";
import { encodeSwitchingProtocols } from "../protocol/handshake.ts";
import type { AcceptedRequest, AcceptorOptions } from "./acceptor_options.ts";
import type { ConnectionEvents } from "./connection.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { Acquaintance, Occupancy } from "./occupancy.ts";
import { type ConnectionOptions, SocketConnection } from "./socket_connection.ts";
import type { Tracer } from "./tracer.ts";

/** Tells the application of a connection, and answers whom to tell of what happens on it. */
export type Begin = (connection: SocketConnection) => ConnectionEvents;

/** The connections of a server, those whose close is under way included. */
export class Connections {
  readonly #occupancy: Occupancy;
  readonly #subprotocols: readonly string[];
  readonly #heartbeat: Heartbeat;
  readonly #options: ConnectionOptions;
  readonly #tracer: Tracer | undefined;
  readonly #whenEmpty: (() => void)[] = [];

  /**
   * @param options Of the acceptor.
   * @param limits What a connection may cost.
   * @param clock The time.
   * @param reportError Gets what the application's functions throw.
   * @param occupancy Counts them.
   * @param tracer Tells who watches, if anybody does.
   * @throws {PortcullisError} `invalid_argument` for compression out of bounds.
   */
  constructor(
    options: AcceptorOptions,
    limits: Limits,
    clock: Clock,
    reportError: (error: unknown) => void,
    occupancy: Occupancy,
    tracer: Tracer | undefined,
  ) {
    this.#occupancy = occupancy;
    this.#tracer = tracer;
    this.#subprotocols = options.subprotocols ?? [];
    this.#heartbeat = new Heartbeat(clock, limits);
    this.#options = {
      role: "server",
      limits,
      clock,
      compression: resolveDeflate(options.deflate),
      ownsChunks: true,
      reportError,
      closed: (status) => options.meter?.closed(status),
      ended: (connection) => {
        this.#heartbeat.remove(connection);
        occupancy.ended(connection.acquaintance, connection.address);
        if (this.all.size === 0) { for (const resolve of this.#whenEmpty.splice(0)) resolve(); }
      },
      authenticated: (connection) => {
        occupancy.ended("stranger", connection.address);
        occupancy.opened("known", connection.address);
      },
    };
  }

  /** All of them. */
  get all(): Heartbeat["connections"] {
    return this.#heartbeat.connections;
  }

  /** How many bytes wait for peers to read them. */
  get queuedBytes(): number {
    return this.all.list().reduce((bytes, connection) => bytes + connection.queuedBytes, 0);
  }

  /** Waits until there is none any more, which may be now. */
  emptied(): Promise<void> {
    if (this.all.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  /**
   * Completes a handshake.
   *
   * @param socket Its socket, which can still be written to.
   * @param head What came behind the request in the same chunk.
   * @param request What the client asked for, and from where.
   * @param whose Whether its peer is known: nobody else gets memory for compression.
   * @param begin Called right after the 101.
   */
  open(
    socket: Duplex,
    head: Buffer,
    { offer, address, traceNumber }: Pick<AcceptedRequest, "offer" | "address" | "traceNumber">,
    whose: Acquaintance,
    begin: Begin,
  ): void {
    const deflate = whose === "known" ? this.#options.compression : undefined;
    const subprotocol = this.#subprotocols.find((name) => offer.subprotocols.includes(name));
    const agreed = deflate === undefined ? undefined : acceptOffer(offer.extensions, deflate);
    const agreement = { subprotocol, deflate: agreed?.parameters };
    const connection = new SocketConnection(socket, this.#options, agreement);
    connection.address = address;
    connection.acquaintance = whose;
    const answer = encodeSwitchingProtocols(offer.key, subprotocol, agreed?.response);
    if (traceNumber !== undefined) this.#observe(connection, answer, traceNumber);
    // The 101 and what the application says at once leave in one write.
    connection.respond(answer);
    this.#heartbeat.add(connection);
    this.#occupancy.opened(whose, address);
    connection.start(head, this.#begin(connection, begin));
    connection.flush();
  }

  #observe(connection: SocketConnection, answer: string, traceNumber: number): void {
    this.#tracer?.answer(traceNumber, answer);
    this.#tracer?.observe(connection, this.#options.role, this.#options.limits, traceNumber);
  }

  #begin(connection: SocketConnection, begin: Begin): ConnectionEvents {
    try {
      return begin(connection);
    } catch (error) {
      this.#options.reportError(error);
      connection.close(CLOSE.serverFault.code);
      return {};
    }
  }
}
