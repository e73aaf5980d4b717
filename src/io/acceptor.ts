/**
 * The upgrade, from the request to an open connection, on any server of `node:http` or `node:https`.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type Authenticate, compileDoor, type DoorPolicy } from "../auth/authenticate.ts";
import type { Clock } from "../base/clock.ts";
import { type Limits, resolveLimits } from "../base/limits.ts";
import { fault, ok, type Result } from "../base/result.ts";
import { CLOSE } from "../protocol/close.ts";
import { acceptOffer } from "../protocol/deflate_negotiation.ts";
import { resolveDeflate } from "../protocol/deflate_options.ts";
import { encodeSwitchingProtocols, parseUpgrade } from "../protocol/handshake.ts";
import type { AcceptedRequest, AcceptorOptions } from "./acceptor_options.ts";
import type { Connection, ConnectionEvents } from "./connection.ts";
import { type ConnectionOptions, SocketConnection } from "./socket_connection.ts";
import { Heartbeat } from "./heartbeat.ts";
import { checkRealm, refusalForRule, type RefusalName, refuse } from "./refusal.ts";
import { systemClock } from "./system_clock.ts";
import { abandon, ignoreReset, UnansweredRequests, type UpgradeServer } from "./upgrade_server.ts";

/** Takes upgrades and keeps the connections. */
export class Acceptor {
  readonly #options: AcceptorOptions;
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #realm: string;
  readonly #authenticate: Authenticate;
  readonly #heartbeat: Heartbeat;
  readonly #connectionOptions: ConnectionOptions;
  #pending = 0;
  #state: "accepting" | "closed" = "accepting";

  /**
   * Makes an acceptor; {@link Acceptor.attach} puts it on a server.
   *
   * @param options What the acceptor is told.
   * @throws {PortcullisError} `invalid_argument` for limits, compression, origins, keys, an audience, carriers or a realm out of bounds.
   */
  constructor(options: AcceptorOptions) {
    this.#options = options;
    this.#limits = resolveLimits(options.limits);
    this.#clock = options.clock ?? systemClock;
    this.#realm = options.realm ?? "portcullis";
    checkRealm(this.#realm);
    this.#authenticate = compileDoor({ ...options, maxTokenBytes: this.#limits.maxTokenBytes } as DoorPolicy);
    this.#heartbeat = new Heartbeat(this.#clock, this.#limits.heartbeatMs);
    this.#connectionOptions = {
      role: "server",
      limits: this.#limits,
      clock: this.#clock,
      deflate: resolveDeflate(options.deflate),
      reportError: options.reportError ?? console.error,
      ended: (connection) => this.#heartbeat.remove(connection),
    };
  }

  /** The connections, those whose close is under way included. */
  get connections(): ReadonlySet<Connection> {
    return this.#heartbeat.connections;
  }

  /** How many connections there are, those whose close is under way included. */
  get size(): number {
    return this.#heartbeat.connections.size;
  }

  /**
   * Answers all upgrades of a server.
   *
   * @param server Of `node:http` or `node:https`; its ordinary requests stay its own.
   * @returns This acceptor.
   */
  attach(server: UpgradeServer): this {
    const unanswered = new UnansweredRequests();
    server.on("request", (request, response) => unanswered.add(request.socket, response));
    server.on("upgrade", (request, socket, head) => {
      if (unanswered.has(socket)) abandon(socket);
      else this.handleUpgrade(request, socket, head);
    });
    return this;
  }

  /**
   * Answers one upgrade, for servers that route by themselves. It takes the three arguments of the `upgrade` event, and
   * must be called within it.
   *
   * @param request The request.
   * @param socket Its socket, which belongs to the acceptor from now on.
   * @param head What came behind the request in the same chunk.
   */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // First of all: the socket comes without a listener, and a reset at any later moment would end the process.
    socket.on("error", ignoreReset);
    const address = (socket as Partial<Socket>).remoteAddress ?? "";
    const judged = this.#judge(request, address);
    if (!judged.ok) return this.#refuse(socket, judged.fault, address);
    if (this.#options.approve === undefined) return this.#complete(socket, head, judged.value);
    void this.#completeWhenApproved(socket, head, judged.value);
  }

  /**
   * Refuses new upgrades and closes what is open.
   *
   * @param code By default 1001, "going away".
   * @param reason At most 123 bytes of UTF-8.
   */
  close(code: number = CLOSE.goingAway.code, reason = ""): void {
    this.#state = "closed";
    for (const connection of this.#heartbeat.connections) connection.close(code, reason);
  }

  /** Everything that can be said of a request at once. */
  #judge(request: IncomingMessage, address: string): Result<AcceptedRequest, Refused> {
    if (this.#state === "closed") return fault({ name: "busy", reason: "closed" });
    if (this.#pending >= this.#limits.maxPendingHandshakes) return fault({ name: "busy", reason: "pending" });
    const parsed = parseUpgrade(request, this.#limits.maxHeaderFields);
    if (!parsed.ok) return fault({ name: refusalForRule(parsed.fault), reason: parsed.fault });
    const offer = parsed.value;
    if (this.#options.path !== undefined && offer.path !== this.#options.path) {
      return fault({ name: "not_found", reason: "path" });
    }
    const identity = this.#authenticate(offer, this.#clock.now());
    if (!identity.ok) return fault({ name: identity.fault.refusal, reason: identity.fault.reason });
    return ok({ offer, identity: identity.value, address });
  }

  async #completeWhenApproved(socket: Duplex, head: Buffer, request: AcceptedRequest): Promise<void> {
    const abandon = new AbortController();
    const onClose = () => abandon.abort();
    socket.once("close", onClose);
    const refused = await new Promise<Refused | undefined>((resolve) => {
      const deadline = this.#clock.after(this.#limits.handshakeTimeoutMs, () => {
        resolve({ name: "busy", reason: "approval_timeout" });
        abandon.abort();
      });
      void this.#askForApproval(request, abandon.signal).then((verdict) => {
        deadline.cancel();
        resolve(verdict);
      });
    });
    socket.off("close", onClose);
    if (refused === undefined) this.#complete(socket, head, request);
    else this.#refuse(socket, refused, request.address);
  }

  /** A place among the pending is taken for as long as the application is at work, also behind the deadline. */
  async #askForApproval(request: AcceptedRequest, signal: AbortSignal): Promise<Refused | undefined> {
    this.#pending++;
    try {
      const approved = await this.#options.approve?.(request, signal);
      return approved === true ? undefined : { name: "not_allowed", reason: "not_approved" };
    } catch (error) {
      this.#connectionOptions.reportError(error);
      return { name: "server_fault", reason: "approval_failed" };
    } finally {
      this.#pending--;
    }
  }

  /** Nothing in here may await: between the last check and the 101, nothing can change. */
  #complete(socket: Duplex, head: Buffer, request: AcceptedRequest): void {
    if (socket.destroyed || !socket.writable) return;
    const refused = this.#lastCheck(request);
    if (refused !== undefined) return this.#refuse(socket, refused, request.address);
    const { key, subprotocols, extensions } = request.offer;
    const subprotocol = this.#options.subprotocols?.find((name) => subprotocols.includes(name));
    const { deflate } = this.#connectionOptions;
    const agreed = deflate === undefined ? undefined : acceptOffer(extensions, deflate);
    const agreement = { subprotocol, deflate: agreed?.parameters };
    const connection = new SocketConnection(socket, this.#connectionOptions, agreement);
    // The 101 and what the application says at once leave in one packet.
    socket.cork();
    socket.write(encodeSwitchingProtocols(key, subprotocol, agreed?.response), "latin1");
    this.#start(connection, head, request);
    connection.flush();
    socket.uncork();
  }

  /** What may have changed while the approval was awaited. */
  #lastCheck(request: AcceptedRequest): Refused | undefined {
    if (this.#state === "closed") return { name: "busy", reason: "closed" };
    const { identity } = request;
    if (identity !== undefined && identity.expiresAtMs <= this.#clock.now()) {
      return { name: "invalid_token", reason: "expired" };
    }
    if (this.size >= this.#limits.maxConnections) return { name: "busy", reason: "connections" };
    try {
      const full = this.#options.admit?.(request);
      return full === undefined ? undefined : { name: full, reason: "not_admitted" };
    } catch (error) {
      this.#connectionOptions.reportError(error);
      return { name: "server_fault", reason: "admission_failed" };
    }
  }

  #start(connection: SocketConnection, head: Buffer, request: AcceptedRequest): void {
    this.#heartbeat.add(connection);
    let events: ConnectionEvents = {};
    try {
      events = this.#options.connected(connection, request);
    } catch (error) {
      this.#connectionOptions.reportError(error);
      connection.close(CLOSE.serverFault.code);
    }
    connection.start(head, events);
  }

  #refuse(socket: Duplex, refused: Refused, address: string): void {
    refuse(socket, refused.name, this.#realm, this.#clock, this.#limits.closeTimeoutMs);
    try {
      this.#options.refused?.(refused.name, refused.reason, address);
    } catch (error) {
      this.#connectionOptions.reportError(error);
    }
  }
}

/** The case for the peer, and the finer reason for the log. */
interface Refused {
  readonly name: RefusalName;
  readonly reason: string;
}
