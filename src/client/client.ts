/**
 * The client: idle → connecting → open → waiting → connecting … → stopped. It comes back by itself when that makes sense,
 * as the table of close codes says, and shows no token that was refused before.
 *
 * @module
 */

import type { Timer } from "../base/clock.ts";
import { Backoff } from "./backoff.ts";
import type { ClientOptions } from "./client_options.ts";
import { type ClientSettings, settingsOf } from "./client_settings.ts";
import type { Cause, ClientState, SessionInfo } from "./client_state.ts";
import { ClientConnection } from "./connection.ts";
import { Lease } from "./lease.ts";
import { type Listener, Listeners } from "./listeners.ts";
import type { AnyTable, Delivered, OpenTable, RequestArguments, Requested } from "./message_table.ts";
import { ObservedState } from "./observed_state.ts";
import { ReconnectPolicy } from "./reconnect_policy.ts";
import { Requests } from "./requests.ts";
import type { Transport } from "./transport.ts";
import type { Verdict } from "./verdict.ts";
import type { LeaseChange, ServerMessage } from "./wire.ts";

/**
 * A client of a gate.
 *
 * @typeParam Table The type of the server's permission table.
 */
export class Client<Table extends AnyTable = OpenTable> {
  readonly #settings: ClientSettings;
  readonly #requests: Requests;
  readonly #policy: ReconnectPolicy;
  readonly #deliveries: Listeners;
  readonly #state: ObservedState;
  #connection: ClientConnection | undefined;
  /** There is one exactly while there is a session. */
  #lease: Lease | undefined;
  #wait: Timer | undefined;

  /**
   * Makes a client; use `createClient`, which knows a transport.
   *
   * @param options What the client is told.
   * @param transport What connects when they do not say.
   * @throws {PortcullisError} `invalid_argument` for a URL, carrier or limit that cannot be used.
   */
  constructor(options: ClientOptions, transport: Transport) {
    this.#settings = settingsOf(options, transport);
    const { clock, limits, random, reportError } = this.#settings;
    this.#requests = new Requests(clock, limits);
    this.#policy = new ReconnectPolicy(limits, random);
    this.#deliveries = new Listeners(reportError);
    this.#state = new ObservedState(reportError);
  }

  /** Where the client stands, and why. A new object for each change. */
  get state(): ClientState {
    return this.#state.now;
  }

  /**
   * Starts, unless that has happened already.
   *
   * @returns The session that there is, or else the next one.
   * @throws {PortcullisError} By rejecting: `client_stopped`, when there will be none any more.
   */
  open(): Promise<SessionInfo> {
    const session = this.#state.session();
    if (this.state.status === "idle") this.#connect();
    return session;
  }

  /** Stops for good: closes the connection with 1000, and ends all requests with `client_stopped`. */
  close(): void {
    if (this.state.status === "stopped") return;
    this.#connection?.close();
    this.#stop({ kind: "asked" });
  }

  /**
   * Makes a request, at once or as soon as there is a session. It is never sent twice.
   *
   * @param type The row of the permission table.
   * @param args Its data, and how long to wait for the reply.
   * @returns The data of the reply.
   * @throws {PortcullisError} By rejecting: `denied` with the `denial` of the server, `request_timeout`, `aborted`,
   * `connection_lost`, `client_stopped`, `too_many_requests`, `message_too_large`; `invalid_argument` for data that JSON cannot hold, or a
   * `timeoutMs` out of bounds.
   */
  request<Type extends keyof Requested<Table> & string>(
    type: Type,
    ...args: RequestArguments<Requested<Table>[Type]>
  ): Promise<unknown> {
    const [data, options] = args;
    return this.#requests.request(type, data, options);
  }

  /**
   * Listens for what the server sends.
   *
   * @param type The row of the permission table.
   * @param listener Gets the data of each message of that type, as the server sent it. What it throws is reported.
   * @returns A function that stops listening.
   */
  on<Type extends keyof Delivered<Table> & string>(
    type: Type,
    listener: Listener<Delivered<Table>[Type]>,
  ): () => void {
    return this.#deliveries.add(type, listener);
  }

  /**
   * Listens for changes of the state.
   *
   * @param listener Gets each new state. What it throws is reported.
   * @returns A function that stops listening.
   */
  onState(listener: Listener<ClientState>): () => void {
    return this.#state.watch(listener);
  }

  /**
   * Sends a text as it is, for tools that show what a server makes of it. Its reply goes to the tap alone.
   *
   * @param text Anything.
   * @returns Whether there was a session to send it in.
   */
  sendRaw(text: string): boolean {
    return this.#lease !== undefined && this.#connection?.send(text) === true;
  }

  #connect(): void {
    const connection: ClientConnection = new ClientConnection(
      this.#settings,
      {
        opened: (session, token) => this.#opened(connection, session, token),
        message: (message) => this.#received(message),
        ended: (verdict) => this.#ended(verdict),
      },
      () => this.#requests.nextId(),
    );
    this.#connection = connection;
    this.#state.become({ status: "connecting" });
    // A listener may have closed the client just now.
    if (this.#connection === connection) connection.start();
  }

  #opened(connection: ClientConnection, session: SessionInfo, token: string): void {
    const { clock, limits, random, tokens, reportError } = this.#settings;
    const lease = new Lease({
      token,
      expiresAt: session.expiresAt,
      tokens,
      clock,
      minPauseMs: limits.backoffBaseMs,
      backoff: new Backoff(limits, random),
      refresh: (fresh, signal) => this.#requests.request("auth.refresh", { token: fresh }, { signal }),
      renewed: (change) => {
        connection.standOn(lease.token);
        this.#changed(change);
      },
      reportError,
    });
    this.#lease = lease;
    this.#requests.attach({
      maxMessageBytes: session.maxMessageBytes,
      send: (text) => connection.send(text),
    });
    // A tap may have closed the client just now.
    if (this.#connection === connection) this.#state.become({ status: "open", session });
  }

  #received(message: Exclude<ServerMessage, { readonly kind: "hello" }>): void {
    switch (message.kind) {
      case "ok":
        return this.#requests.ok(message.re, message.data);
      case "error":
        return this.#requests.denied(message.re, message.denial);
      case "expiring":
        return this.#lease?.expiring();
      case "changed":
        this.#lease?.changed(message.change);
        return this.#changed(message.change);
      case "delivery":
        return this.#deliveries.tell(message.type, message.data);
      case "bye":
        // The connection has noted when to come back. A request that the close overtook might have been carried out or not.
        return this.#requests.hold();
    }
  }

  #changed(change: LeaseChange): void {
    const { state } = this;
    if (state.status !== "open") return;
    this.#state.become({ status: "open", session: Object.freeze({ ...state.session, ...change }) });
  }

  #ended(verdict: Verdict): void {
    const delayMs = this.#policy.delayAfter(verdict, this.#lease?.lastedMs);
    this.#leave();
    this.#requests.detach();
    if (delayMs === undefined) return this.#stop(verdict.why);
    if (delayMs === 0) return this.#connect();
    this.#wait = this.#settings.clock.after(delayMs, () => this.#connect());
    this.#state.become({ status: "waiting", delayMs, why: verdict.why });
  }

  /** Puts the connection away, and the session that there was on it. */
  #leave(): void {
    this.#connection = undefined;
    this.#lease?.end();
    this.#lease = undefined;
  }

  #stop(why: Cause): void {
    this.#wait?.cancel();
    this.#leave();
    this.#settings.tokens.stop();
    this.#requests.stop();
    this.#state.become({ status: "stopped", why });
  }
}
