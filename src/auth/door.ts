/**
 * Lesson one: the token is checked before the connection exists. Everything that the door decides about a request, in
 * order: Origin, credential, and then the token or ticket, by one verifier whatever carried it.
 *
 * @module
 */

import { PortcullisError } from "../base/errors.ts";
import { type Limits, resolveLimits } from "../base/limits.ts";
import { fault, ok, type Result } from "../base/result.ts";
import type { Identity } from "./claims.ts";
import {
  type Carrier,
  CARRIERS,
  checkCookieName,
  type Credential,
  type CredentialSource,
  findCredential,
} from "./credential.ts";
import { type CookieFault, cookieFault } from "./fetch_metadata.ts";
import { type KeySource, keySourceOf } from "./key_ring.ts";
import { compileOrigins, type OriginCheck, type OriginPolicy } from "./origin.ts";
import { Standing, type StandingFault } from "./standing.ts";
import { TicketBook, type TicketFault } from "./ticket.ts";
import { type TokenFault, type TokenPolicy, verifyToken } from "./token.ts";

/** Who is let in. */
export type DoorPolicy = Partial<OriginPolicy> & (TokenDoor | OpenDoor);

/** Only the bearer of a valid token. */
export interface TokenDoor extends Omit<TokenPolicy, "maxTokenBytes" | "maxTokenLifetimeMs"> {
  /** Where the credential may be, each by its name; by default the `Authorization` field and the subprotocol. */
  readonly carriers?: readonly Carrier[];
  /** The name of the cookie for the carrier `cookie`; by default `__Host-portcullis`. */
  readonly cookieName?: string;
  /** The other kind of door; see {@link OpenDoor}. */
  readonly insecureAllowAnonymous?: undefined;
}

/** Everybody, without asking: for echo servers and the like. */
export interface OpenDoor {
  /** Lets in everybody whose Origin may connect, without a token. Named so that it is found when somebody looks for what is not safe. */
  readonly insecureAllowAnonymous: true;
  /** The other kind of door; see {@link TokenDoor}. */
  readonly keys?: undefined;
}

/** The part of a request on which the door decides. */
export interface DoorRequest extends CredentialSource {
  /** The `Origin` field. */
  readonly origin: string | undefined;
}

/** Why the door stays shut: the case for the peer, and the finer reason for the log. */
export interface DoorFault {
  readonly refusal: "origin" | "two_carriers" | "no_credential" | "invalid_token";
  readonly reason:
    | "foreign_origin"
    | "two_carriers"
    | "no_credential"
    | CookieFault
    | TicketFault
    | IdentityFault;
  readonly carrier?: Carrier;
}

/** Why a token, or what it once proved, is not good. */
export type IdentityFault = TokenFault | StandingFault;

/** Who may enter. */
export interface Entrant {
  /** `undefined` stands for anybody behind an {@link OpenDoor}, and for whoever shows a token in the first message. */
  readonly identity: Identity | undefined;
  /** Where the credential was; `message` when it is still to come. */
  readonly carrier: Carrier | undefined;
}

/** What a look at a ticket does to it: an upgrade uses it up, a mere question does not. */
export type TicketUse = "redeem" | "look";

/** Where a token is looked for, when nothing else is said. */
const DEFAULT_CARRIERS: readonly Carrier[] = ["authorization", "subprotocol"];

/** A policy, prepared. */
export class Door {
  /** What has changed since the tokens were signed. */
  readonly standing: Standing;
  /** The tickets that have been given out. */
  readonly tickets: TicketBook;
  /** The keys that verify. */
  readonly keys: KeySource;
  readonly #originAllowed: OriginCheck;
  readonly #tokens: TokenPolicy | undefined;
  readonly #carriers: readonly Carrier[];
  readonly #cookieName: string | undefined;

  /**
   * @param policy Who is let in.
   * @param limits How long tokens and tickets may be, live, and be remembered.
   * @throws {PortcullisError} `invalid_argument` for an origin that no browser would ever send, no keys, two keys of one id,
   * no audience, a leeway that is no number from 0 on, an unknown carrier, a cookie without the prefix `__Host-`, or with any
   * Origin allowed.
   */
  constructor(policy: DoorPolicy, limits: Limits = resolveLimits()) {
    this.#originAllowed = compileOrigins(policy);
    this.#carriers = policy.insecureAllowAnonymous === true ? [] : [...policy.carriers ?? DEFAULT_CARRIERS];
    this.keys = policy.insecureAllowAnonymous === true ? NO_KEYS : keySourceOf(policy.keys);
    this.standing = new Standing(
      limits,
      this.keys,
      policy.insecureAllowAnonymous === true ? 0 : policy.leewaySeconds,
    );
    this.tickets = new TicketBook(limits);
    if (policy.insecureAllowAnonymous === true) return;
    checkTokenDoor(policy, this.#carriers);
    const { maxTokenBytes, maxTokenLifetimeMs } = limits;
    const { audience, issuer, leewaySeconds } = policy;
    this.#cookieName = policy.cookieName;
    this.#tokens = { keys: this.keys, audience, issuer, leewaySeconds, maxTokenBytes, maxTokenLifetimeMs };
  }

  /**
   * Decides about a request.
   *
   * @param request The request.
   * @param nowMs The time, in milliseconds since the Unix epoch.
   * @param use What becomes of a ticket.
   * @param carriers Where the credential may be; by default where the policy says.
   * @returns Who may enter, or why nobody.
   */
  judge(
    request: DoorRequest,
    nowMs: number,
    use: TicketUse = "redeem",
    carriers: readonly Carrier[] = this.#carriers,
  ): Result<Entrant, DoorFault> {
    // #region judge_request
    // The Origin comes first: a page that may not be here learns nothing about the token that it carries.
    if (!this.#originAllowed(request.origin)) return fault({ refusal: "origin", reason: "foreign_origin" });
    if (this.#tokens === undefined) return ok({ identity: undefined, carrier: undefined });
    const credential = findCredential(request, carriers, this.#cookieName);
    if (!credential.ok) return fault({ refusal: "two_carriers", reason: "two_carriers" });
    if (credential.value !== undefined) return this.#judgeCredential(request, credential.value, nowMs, use);
    if (carriers.includes("message")) return ok({ identity: undefined, carrier: "message" });
    return fault({ refusal: "no_credential", reason: "no_credential" });
    // #endregion
  }

  /**
   * Decides about a token that came in a message.
   *
   * @param token As it was sent.
   * @param nowMs The time, in milliseconds since the Unix epoch.
   * @returns Whom it names, with the roles that hold now, or why it is refused.
   */
  judgeToken(token: string, nowMs: number): Result<Identity, IdentityFault> {
    if (this.#tokens === undefined) return fault("unknown_key");
    const verified = verifyToken(token, this.#tokens, nowMs);
    return verified.ok ? this.standing.judge(verified.value, nowMs) : verified;
  }

  /** Whether an Origin is on the list; `undefined` stands for a request without one. */
  allowsOrigin(origin: string | undefined): boolean {
    return this.#originAllowed(origin);
  }

  /** Whether credentials may be in this place. */
  takes(carrier: Carrier): boolean {
    return this.#carriers.includes(carrier);
  }

  #judgeCredential(
    { origin, fields }: DoorRequest,
    { carrier, secret }: Credential,
    nowMs: number,
    use: TicketUse,
  ): Result<Entrant, DoorFault> {
    const reason = carrier === "cookie" ? cookieFault(origin, fields) : undefined;
    if (reason !== undefined) return fault({ refusal: "origin", reason, carrier });
    const identity = carrier === "ticket"
      ? this.#judgeTicket(secret, origin, nowMs, use)
      : this.judgeToken(secret, nowMs);
    if (!identity.ok) return fault({ refusal: "invalid_token", reason: identity.fault, carrier });
    return ok({ identity: identity.value, carrier });
  }

  #judgeTicket(
    text: string,
    origin: string | undefined,
    nowMs: number,
    use: TicketUse,
  ): Result<Identity, TicketFault | StandingFault> {
    const { tickets } = this;
    const stands = use === "redeem" ? tickets.redeem(text, origin, nowMs) : tickets.look(text, origin, nowMs);
    return stands.ok ? this.standing.judge(stands.value, nowMs) : stands;
  }
}

const NO_KEYS: KeySource = {
  keyFor: () => undefined,
  validUntilMs: () => -Infinity,
  watch: () => () => undefined,
};

/** A setting that is missing, as a variable of the environment is one day, must end the start and not the protection. */
function checkTokenDoor(policy: TokenDoor & Partial<OriginPolicy>, carriers: readonly Carrier[]): void {
  const { audience, leewaySeconds = 0, cookieName } = policy;
  if (typeof audience !== "string" || audience === "") refuse("there is no audience");
  if (!(leewaySeconds >= 0 && Number.isFinite(leewaySeconds))) {
    refuse(`the leeway is ${leewaySeconds} seconds`);
  }
  if (carriers.length === 0) refuse("there is no carrier");
  const unknown = carriers.find((carrier) => !CARRIERS.includes(carrier));
  if (unknown !== undefined) {
    refuse(`the carrier "${String(unknown)}" is not known; known: ${CARRIERS.join(", ")}`);
  }
  if (new Set(carriers).size !== carriers.length) refuse("a carrier is named twice");
  if (cookieName !== undefined) checkCookieName(cookieName);
  // A browser adds cookies to the requests of every page: without a list of Origins, every page acts for its visitor.
  if (carriers.includes("cookie") && policy.insecureAllowAnyOrigin === true) {
    refuse("a cookie is only believed together with allowedOrigins");
  }
}

function refuse(what: string): never {
  throw new PortcullisError("invalid_argument", `Nobody could be let in, or everybody: ${what}.`);
}
