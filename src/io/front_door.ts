/**
 * A front door before `node:http`: upgrades go straight to the gate, all else to the parser of HTTP.
 *
 * `node:http` makes a parser, a request, a response and some ten listeners for each connection, before it finds out that the client
 * wants a WebSocket and nothing of that is needed. When a thousand clients come back at once, that is a good part of the work. Here the
 * first bytes of a connection are looked at: a whole upgrade request is read in one go; anything else is handed over, its bytes put back.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock, Timer } from "../base/clock.ts";
import { PortcullisError } from "../base/errors.ts";
import { type Limits, resolveLimits } from "../base/limits.ts";
import { type Listed, NOT_LISTED, Roster } from "../base/roster.ts";
import type { UpgradeRequest } from "../protocol/handshake.ts";
import { readRequestHead } from "../protocol/request_head.ts";
import { letGoOf, listenTo, type SocketOwner } from "./socket_events.ts";
import { systemClock } from "./system_clock.ts";
import { ignoreReset } from "./upgrade_server.ts";

/** Who answers upgrades: a gate, or an acceptor. */
export interface UpgradeHandler {
  /** Answers one upgrade. */
  handleUpgrade(request: UpgradeRequest, socket: Duplex, head: Buffer): void;
}

/** What a front door is told. */
export interface FrontDoorOptions {
  /** `handshakeTimeoutMs`: a connection that says nothing is cut off after this long at the earliest, twice as long at the latest. */
  readonly limits?: Partial<Pick<Limits, "handshakeTimeoutMs">>;
  /** The time; by default that of the machine. */
  readonly clock?: Clock;
}

/** What a server with a front door does besides, when it closes. */
export interface FrontDoor {
  /** Cuts off the connections that have said nothing yet, which the server's own `closeAllConnections` does not know. */
  closeSilent(): void;
}

/**
 * Puts a front door before the parser of a server of `node:http` or `node:https`.
 *
 * A request to upgrade that comes as a whole in the first bytes of its connection, as nearly all do, is answered without `node:http`. All
 * other connections are handed to it, and everything else about the server stays as it was: its limits and timeouts, its `close`, and
 * the listeners for its connections, who see each of them. Only `closeAllConnections` does not know those that have said nothing yet:
 * they are cut off when they have been silent for `handshakeTimeoutMs`, or at most twice as long, or by {@link FrontDoor.closeSilent}.
 *
 * @param gate Who answers upgrades. It must be attached to the server already, for those that come in pieces, or behind other requests.
 * @param server Not listening yet.
 * @param options What differs from the defaults.
 * @returns The front door, for when the server closes.
 * @throws {PortcullisError} `invalid_argument` when the server does not have exactly one listener for upgrades: with none, those in pieces
 * would find nobody; with two, a client could choose between them by the way it sends.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { Acceptor, putFrontDoor } from "portcullis";
 *
 * const acceptor = new Acceptor({
 *   insecureAllowAnonymous: true,
 *   allowedOrigins: ["https://example.com"],
 *   connected: () => ({ text: (text, connection) => void connection.send(text) }),
 * });
 * const server = createServer((_request, response) => response.end("Hello"));
 * acceptor.attach(server);
 * putFrontDoor(acceptor, server);
 * server.listen(0, "127.0.0.1", () => server.close());
 * ```
 */
export function putFrontDoor(
  gate: UpgradeHandler,
  server: Server,
  { limits, clock = systemClock }: FrontDoorOptions = {},
): FrontDoor {
  const upgrades = server.listenerCount("upgrade");
  if (upgrades !== 1) {
    throw new PortcullisError(
      "invalid_argument",
      `The server has ${upgrades} listeners for upgrades; the gate must be attached, and nobody else.`,
    );
  }
  // A server of node:https has its parser behind TLS.
  const event = server.listenerCount("secureConnection") > 0 ? "secureConnection" : "connection";
  // The parser listens since the server was made; whoever came later is told of connections as before.
  const [parser] = server.rawListeners(event) as ((this: Server, socket: Socket) => void)[];
  const silent = new SilentConnections(clock, resolveLimits(limits).handshakeTimeoutMs);
  // A runtime whose server has no listener for its own connections: all upgrades take the usual way.
  if (parser === undefined) return silent;
  const handOver = (socket: Socket) => parser.call(server, socket);
  server.off(event, parser);
  server.prependListener(event, (socket: Socket) => {
    socket.on("error", ignoreReset);
    const arrival = new Arrival(socket, gate, handOver, silent);
    silent.add(arrival);
    listenTo(socket, arrival);
  });
  return silent;
}

/** A connection that has not said yet what it wants. */
class Arrival implements SocketOwner, Listed {
  rosterIndex: number = NOT_LISTED;
  /** Whether it was there already when the silent were last looked through. */
  age: "young" | "old" = "young";
  readonly #socket: Socket;
  readonly #gate: UpgradeHandler;
  readonly #handOver: (socket: Socket) => void;
  readonly #silent: SilentConnections;
  #stage: "silent" | "upgrading" = "silent";

  constructor(
    socket: Socket,
    gate: UpgradeHandler,
    handOver: (socket: Socket) => void,
    silent: SilentConnections,
  ) {
    this.#socket = socket;
    this.#gate = gate;
    this.#handOver = handOver;
    this.#silent = silent;
  }

  received(chunk: Buffer): void {
    if (this.#stage === "upgrading") return this.#keep(chunk);
    this.#silent.delete(this);
    // Whoever gets the socket puts a listener of his own on it, before anything else.
    this.#socket.off("error", ignoreReset);
    const head = readRequestHead(chunk);
    if (head === undefined) return this.#leaveToHttp(chunk);
    this.#stage = "upgrading";
    this.#gate.handleUpgrade(head.request, this.#socket, chunk.subarray(head.bytes));
  }

  /** Whoever leaves without a word is not answered. Behind a request, the connection finds the end by itself. */
  peerEnded(): void {
    if (this.#stage === "silent") this.#socket.destroy();
  }

  drained(): void {
    // Nothing is written here.
  }

  transportClosed(): void {
    this.#silent.delete(this);
  }

  /** Leaves the list here, as the socket's `close` may not be told: an application may have taken our listeners off. */
  giveUp(): void {
    this.#silent.delete(this);
    this.#socket.destroy();
  }

  /** Frames that come while an approval is awaited are read when it is there; after a refusal, what comes is dropped. */
  #keep(chunk: Buffer): void {
    if (this.#socket.writableEnded) return;
    this.#socket.pause();
    this.#socket.unshift(chunk);
  }

  #leaveToHttp(chunk: Buffer): void {
    const socket = this.#socket;
    letGoOf(socket);
    this.#handOver(socket);
    // The socket flows, so that its new listeners have this at once, before anything that is still to come.
    socket.unshift(chunk);
  }
}

/**
 * Connections that have said nothing yet. Most speak right after their handshake of TCP: a deadline for each would be set and taken
 * back all the time. So they are looked through now and then, and one that was already there at the look before is cut off.
 */
class SilentConnections implements FrontDoor {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #arrivals = new Roster<Arrival>();
  #timer: Timer | undefined;

  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  add(arrival: Arrival): void {
    this.#arrivals.add(arrival);
    this.#timer ??= this.#clock.after(this.#intervalMs, () => this.#look());
  }

  delete(arrival: Arrival): void {
    this.#arrivals.delete(arrival);
  }

  closeSilent(): void {
    for (const arrival of this.#arrivals.list()) arrival.giveUp();
  }

  #look(): void {
    for (const arrival of this.#arrivals.list()) {
      if (arrival.age === "old") arrival.giveUp();
      else arrival.age = "old";
    }
    this.#timer = this.#arrivals.size === 0
      ? undefined
      : this.#clock.after(this.#intervalMs, () => this.#look());
  }
}
