/**
 * What the door answers in plain HTTP: why an upgrade would be refused, and tickets. Both ask the same questions in the same
 * order as an upgrade, of the same verifier.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type Carrier, CARRIERS } from "../auth/credential.ts";
import { originOfRequest } from "../auth/fetch_metadata.ts";
import { TICKET_BYTES } from "../auth/ticket.ts";
import type { Clock } from "../base/clock.ts";
import { PortcullisError } from "../base/errors.ts";
import type { Limits } from "../base/limits.ts";
import { fault, ok, type Result } from "../base/result.ts";
import { areLonger, parseTarget, type UpgradeOffer } from "../protocol/handshake.ts";
import { collectFields, type HeaderFields } from "../protocol/header_field.ts";
import type { AcceptedRequest, AcceptorOptions } from "./acceptor_options.ts";
import { allowReading, answerPreflight, type CookieChoice } from "./cors.ts";
import type { Purpose } from "./decision.ts";
import type { Entrance } from "./entrance.ts";
import { answerOf, type Refusal } from "./refusal.ts";

/** One path that is answered. */
interface Endpoint {
  readonly purpose: Purpose;
  readonly method: "GET" | "POST";
  /** Where its credential may be, of the carriers of the policy. */
  readonly carriers: readonly Carrier[];
  /** What is said to whom the gate would let in. */
  readonly grant: (request: AcceptedRequest) => Result<object, Refusal>;
}

/** The two paths of the door that are no upgrades. */
export class Endpoints {
  readonly #options: AcceptorOptions;
  readonly #entrance: Entrance;
  readonly #limits: Limits;
  readonly #realm: string;
  readonly #clock: Clock;
  readonly #byPath = new Map<string, Endpoint>();
  readonly #cookies: CookieChoice;
  /** The sockets with a request that waits for an approval. */
  readonly #waiting = new WeakSet<Duplex>();

  /**
   * @param options Of the acceptor.
   * @param entrance Decides.
   * @param limits How long a ticket lives.
   * @param realm What the credentials are for.
   * @param clock The time.
   * @throws {PortcullisError} `invalid_argument` for a path that no request can have, or a path for tickets that nobody takes.
   */
  constructor(options: AcceptorOptions, entrance: Entrance, limits: Limits, realm: string, clock: Clock) {
    this.#options = options;
    this.#entrance = entrance;
    this.#limits = limits;
    this.#realm = realm;
    this.#clock = clock;
    const { door } = entrance;
    this.#cookies = door.takes("cookie") ? "with cookies" : "without cookies";
    // A page cannot name subprotocols in a fetch, so that the field that it can set is always among them.
    const also = CARRIERS.filter((carrier) => carrier === "authorization" || door.takes(carrier));
    const plain = also.filter((carrier) => carrier !== "message" && carrier !== "subprotocol");
    this.#add(options.checkPath, {
      purpose: "check",
      method: "GET",
      carriers: plain,
      grant: (request) => ok(termsOf(request)),
    });
    if (options.ticketPath !== undefined && !door.takes("ticket")) {
      refuse("ticketPath needs the carrier ticket");
    }
    this.#add(options.ticketPath, {
      purpose: "ticket",
      method: "POST",
      // A ticket for a ticket would live for ever.
      carriers: plain.filter((carrier) => carrier !== "ticket"),
      grant: (request) => this.#issueTicket(request),
    });
  }

  /** Whether there is any path to answer. */
  get any(): boolean {
    return this.#byPath.size > 0;
  }

  /** Answers a request. @returns Whether it is for one of the paths. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    if (!this.any) return false;
    const target = parseTarget(request.url ?? "");
    const endpoint = target === undefined ? undefined : this.#byPath.get(target.path);
    if (target === undefined || endpoint === undefined) return false;
    // A peer that vanishes while the answer is made is nobody's fault.
    request.on("error", () => response.destroy());
    request.resume();
    this.#answer(request, response, endpoint, target);
    return true;
  }

  #answer(
    request: IncomingMessage,
    response: ServerResponse,
    endpoint: Endpoint,
    target: { readonly path: string; readonly query: string },
  ): void {
    const fields = collectFields(request.rawHeaders);
    const origin = originOfRequest(fields, this.#options.allowedOrigins ?? []);
    allowReading(response, this.#entrance.door.allowsOrigin(origin) ? origin : undefined, this.#cookies);
    if (request.method === "OPTIONS") return answerPreflight(response, endpoint.method);
    const address = this.#entrance.addressOf(request.socket.remoteAddress ?? "", request.rawHeaders);
    const traceNumber = this.#entrance.tracer?.request(request, address);
    if (request.method !== endpoint.method) {
      response.setHeader("Allow", `${endpoint.method}, OPTIONS`);
      const refused = { name: "method", reason: "method" } as const;
      return this.#refuse(response, refused, endpoint.purpose, { address, traceNumber });
    }
    const offer = offerOf(target, fields, origin);
    const asked = { address, offer, traceNumber };
    const refused = this.#malformed(request, fields) ?? this.#entrance.shut;
    if (refused !== undefined) return this.#refuse(response, refused, endpoint.purpose, asked);
    const judged = this.#entrance.judge(asked, "look", endpoint.carriers);
    if (!judged.ok) return this.#refuse(response, judged.fault, endpoint.purpose, asked);
    if (this.#options.approve === undefined) return this.#grant(response, judged.value, endpoint);
    void this.#grantWhenApproved(request.socket, response, judged.value, endpoint);
  }

  async #grantWhenApproved(
    socket: Duplex,
    response: ServerResponse,
    request: AcceptedRequest,
    endpoint: Endpoint,
  ): Promise<void> {
    // A client may send a thousand requests in a row, and must not take all places of those who wait for an approval.
    if (this.#waiting.has(socket)) {
      return this.#refuse(response, { name: "busy", reason: "pending" }, endpoint.purpose, request);
    }
    this.#waiting.add(socket);
    const abandoned = new AbortController();
    response.once("close", () => abandoned.abort());
    const refused = await this.#entrance.approvals.ask(request, abandoned);
    this.#waiting.delete(socket);
    if (refused === undefined) this.#grant(response, request, endpoint);
    else this.#refuse(response, refused, endpoint.purpose, request);
  }

  #grant(response: ServerResponse, asked: AcceptedRequest, { purpose, grant }: Endpoint): void {
    const checked = this.#entrance.lastCheck(asked);
    const granted = checked.ok ? grant(checked.value) : checked;
    if (!granted.ok) return this.#refuse(response, granted.fault, purpose, asked);
    this.#entrance.decided(purpose, asked);
    response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-store" });
    response.end(JSON.stringify(granted.value));
  }

  #refuse(
    response: ServerResponse,
    refused: Refusal,
    purpose: Purpose,
    asked: Parameters<Entrance["decided"]>[1],
  ): void {
    const { status, fields, body } = answerOf(refused.name, this.#realm);
    // What the endpoint has said already, as which methods it takes, is finer.
    for (const [name, value] of Object.entries(fields)) {
      if (!response.hasHeader(name)) response.setHeader(name, value);
    }
    response.writeHead(status).end(body);
    this.#entrance.decided(purpose, asked, refused);
  }

  #issueTicket({ identity, offer }: AcceptedRequest): Result<object, Refusal> {
    if (identity === undefined) return fault({ name: "no_credential", reason: "no_credential" });
    const { tickets } = this.#entrance.door;
    const random = randomBytes(TICKET_BYTES);
    const ticket = tickets.issue(identity, offer.origin, random, this.#clock.now());
    if (ticket.ok) return ok({ ticket: ticket.value, expiresInMs: this.#limits.ticketLifetimeMs });
    const name = ticket.fault === "too_many_tickets" ? "busy" : "too_many";
    return fault({ name, reason: ticket.fault });
  }

  #malformed({ rawHeaders }: IncomingMessage, fields: HeaderFields): Refusal | undefined {
    const { maxHeaderFields, maxHeaderBytes } = this.#limits;
    if (rawHeaders.length > 2 * maxHeaderFields) {
      return { name: "too_many_fields", reason: "too_many_fields" };
    }
    if (areLonger(rawHeaders, maxHeaderBytes)) return { name: "too_many_fields", reason: "fields_too_large" };
    return (fields.get("origin") ?? []).length > 1 ? { name: "malformed", reason: "origin" } : undefined;
  }

  #add(path: string | undefined, endpoint: Endpoint): void {
    if (path === undefined) return;
    if (parseTarget(path)?.path !== path) refuse("checkPath and ticketPath begin with / and have no query");
    if (this.#byPath.has(path) || path === this.#options.path) refuse("two of the paths are the same");
    this.#byPath.set(path, endpoint);
  }
}

function refuse(what: string): never {
  throw new PortcullisError("invalid_argument", `The paths cannot be answered: ${what}.`);
}

/** The part of an upgrade that an ordinary request has, too. */
function offerOf(
  { path, query }: { readonly path: string; readonly query: string },
  fields: HeaderFields,
  origin: string | undefined,
): UpgradeOffer {
  const host = fields.get("host")?.join() ?? "";
  return { path, query, host, origin, key: "", subprotocols: [], extensions: [], fields };
}

/** Who the gate takes the bearer for, which he may know: it is in his token. */
function termsOf({ identity }: AcceptedRequest): object {
  return identity === undefined
    ? {}
    : { subject: identity.subject, roles: identity.roles, expiresAt: identity.expiresAtMs };
}
