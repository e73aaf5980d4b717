/**
 * One connection of a client, from the token to its end: token → credential → upgrade → `hello` → messages. It ends in
 * exactly one way, and says what follows from that.
 *
 * @module
 */

import type { Timer } from "../base/clock.ts";
import { PortcullisError } from "../base/errors.ts";
import { fault, ok, type Result } from "../base/result.ts";
import { isShownInUpgrade, requestWithTicket, requestWithToken } from "./carrier.ts";
import type { ClientSettings } from "./client_settings.ts";
import type { Cause, SessionInfo } from "./client_state.ts";
import type { TransportEnd, TransportLink, TransportRequest } from "./transport.ts";
import { judgeEnd, type Verdict, verdict } from "./verdict.ts";
import { encodeClientMessage, parseServerMessage, type ServerMessage } from "./wire.ts";

/** What a connection tells. */
export interface ClientConnectionEvents {
  /** The session has begun, on this token. */
  opened(session: SessionInfo, token: string): void;
  /** A message came in the session. */
  message(message: Exclude<ServerMessage, { readonly kind: "hello" }>): void;
  /** The end; said once, unless the connection was closed from here. */
  ended(verdict: Verdict): void;
}

/** One connection. */
export class ClientConnection {
  readonly #settings: ClientSettings;
  readonly #events: ClientConnectionEvents;
  readonly #nextId: () => string;
  readonly #over = new AbortController();
  #phase: "connecting" | "open" | "over" = "connecting";
  #token: string | undefined;
  #link: TransportLink | undefined;
  #deadline: Timer | undefined;
  /** What a `server.bye` asked for, in milliseconds. */
  #reconnectInMs = 0;

  /**
   * @param settings Of the client.
   * @param events What to tell.
   * @param nextId Makes the id of a message.
   */
  constructor(settings: ClientSettings, events: ClientConnectionEvents, nextId: () => string) {
    this.#settings = settings;
    this.#events = events;
    this.#nextId = nextId;
  }

  /** Begins. What goes wrong comes as the event `ended`. */
  start(): void {
    this.#prepare().then(
      (prepared) => {
        if (this.#phase === "over") return;
        if (prepared.ok) this.#connect(prepared.value);
        else this.#end(prepared.fault);
      },
    ).catch(this.#settings.reportError);
  }

  /** Sends a text. @returns Whether the connection was open. */
  send(text: string): boolean {
    if (this.#phase === "over" || this.#link?.send(text) !== true) return false;
    this.#settings.tap.sent(text);
    return true;
  }

  /** Ends the connection politely, or gives the attempt up; `ended` is not said. */
  close(): void {
    if (this.#phase === "over") return;
    this.#finish();
    this.#link?.close(1000, "");
  }

  /** Notes on which token the session stands after a refresh. */
  standOn(token: string): void {
    this.#token = token;
  }

  async #prepare(): Promise<Result<TransportRequest, Verdict>> {
    const { tokens, reportError, url, presentation, door } = this.#settings;
    let token: string;
    try {
      token = this.#token = await tokens.take();
    } catch (error) {
      if (this.#phase !== "over") reportError(error);
      return fault(verdict("backoff", causeOf(error)));
    }
    const suspicion = await this.#clearSuspicion(token);
    if (suspicion !== undefined) return fault(suspicion);
    if (presentation.carrier !== "ticket") return ok(requestWithToken(url, presentation.carrier, token));
    const ticket = await door.ticket(presentation.ticketUrl, token, this.#over.signal);
    return ticket.ok ? ok(requestWithTicket(url, ticket.value)) : ticket;
  }

  /** @returns Why the token must not be shown, if that is not known to be safe. */
  async #clearSuspicion(token: string): Promise<Verdict | undefined> {
    const { tokens, checkUrl, door } = this.#settings;
    if (token !== tokens.suspected || checkUrl === undefined) return undefined;
    const found = await door.check(checkUrl, token, this.#over.signal);
    if (found === undefined) return verdict("backoff", { kind: "unreachable" });
    tokens.suspected = undefined;
    return found === "good" ? undefined : found;
  }

  #connect(request: TransportRequest): void {
    const { clock, limits, transport, reportError } = this.#settings;
    this.#deadline = clock.after(limits.connectTimeoutMs, () => {
      this.#end(verdict("backoff", { kind: "timeout" }));
      this.#link?.close(1000, "");
    });
    this.#link = transport.connect(request, {
      opened: () => this.#opened(),
      text: (text) => this.#received(text),
      binary: () => this.#phase !== "over" && reportError(ignored("binary")),
      closed: (end) => this.#closed(end),
    });
  }

  #opened(): void {
    const { presentation, reportError } = this.#settings;
    if (this.#phase === "over" || presentation.carrier !== "message") return;
    const text = encodeClientMessage("auth", this.#nextId(), { token: this.#token });
    if (!this.send(text)) reportError(new PortcullisError("connection_lost", "The token could not be sent."));
  }

  #received(text: string): void {
    if (this.#phase === "over") return;
    this.#settings.tap.received(text);
    const message = parseServerMessage(text);
    if (message === undefined) this.#settings.reportError(ignored("malformed"));
    else if (message.kind === "hello") this.#hello(message.session);
    // Before its hello there is no session that a message could belong to.
    else if (this.#phase === "open") this.#sessionMessage(message);
  }

  #hello(session: SessionInfo): void {
    // A session has one; another would be a fault of the server, and must not make two sessions of one connection.
    if (this.#phase !== "connecting" || this.#token === undefined) return;
    this.#phase = "open";
    this.#deadline?.cancel();
    this.#events.opened(session, this.#token);
  }

  #sessionMessage(message: Exclude<ServerMessage, { readonly kind: "hello" }>): void {
    if (message.kind === "bye") this.#reconnectInMs = message.reconnectInMs;
    this.#events.message(message);
  }

  #closed(end: TransportEnd): void {
    if (this.#phase === "over") return;
    const { checkUrl, presentation, door, tokens } = this.#settings;
    const shown = isShownInUpgrade(presentation.carrier);
    if (end.kind !== "unclear" || !shown || checkUrl === undefined || this.#token === undefined) {
      return this.#end(judgeEnd(end, shown));
    }
    // The connection is gone, but why is still to be found out.
    this.#deadline?.cancel();
    const token = this.#token;
    door.check(checkUrl, token, this.#over.signal)
      .then((found) => {
        // Without an answer it is as unclear as it was: the token is neither given up nor shown.
        if (found === undefined && this.#phase !== "over") tokens.suspected = token;
        const isOpen = found === undefined || found === "good";
        this.#end(isOpen ? verdict("backoff", { kind: "unreachable" }) : found);
      })
      .catch(this.#settings.reportError);
  }

  #end(found: Verdict): void {
    if (this.#phase === "over") return;
    this.#finish();
    if (found.refusesToken && this.#token !== undefined) this.#settings.tokens.refuse(this.#token);
    this.#events.ended({ ...found, hintMs: Math.max(found.hintMs, this.#reconnectInMs) });
  }

  #finish(): void {
    this.#phase = "over";
    this.#deadline?.cancel();
    this.#over.abort();
  }
}

function causeOf(error: unknown): Cause {
  const refused = error instanceof PortcullisError && error.code === "token_refused";
  return { kind: refused ? "token_refused" : "token_failed" };
}

function ignored(what: string): PortcullisError {
  return new PortcullisError("invalid_message", `The server sent a ${what} message, which was ignored.`);
}
