/**
 * Lesson one: the token is checked before the connection exists. Everything that the door decides about a request, in
 * order: Origin, credential, token.
 *
 * @module
 */

import { PortcullisError } from "../base/errors.ts";
import { fault, ok, type Result } from "../base/result.ts";
import type { Identity } from "./claims.ts";
import { type Carrier, type CredentialSource, findCredential } from "./credential.ts";
import { compileOrigins, type OriginCheck, type OriginPolicy } from "./origin.ts";
import { type TokenFault, type TokenPolicy, verifyToken } from "./token.ts";

/** Who is let in. */
export type DoorPolicy = Partial<OriginPolicy> & (TokenDoor | OpenDoor);

/** Only the bearer of a valid token. */
export interface TokenDoor extends TokenPolicy {
  /** Where the token may be; by default the `Authorization` field and the subprotocol. */
  readonly carriers?: readonly Carrier[];
  /** The other kind of door; see {@link OpenDoor}. */
  readonly insecureAllowAnonymous?: undefined;
}

/** Everybody, without asking: for echo servers and the like. */
export interface OpenDoor {
  /** Named so that it is found when somebody looks for what is not safe. */
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
  readonly reason: string;
}

/** A policy, prepared. Answers who asks; `undefined` stands for anybody behind an {@link OpenDoor}. */
export type Authenticate = (request: DoorRequest, nowMs: number) => Result<Identity | undefined, DoorFault>;

/** Where a token is looked for, when nothing else is said. */
const DEFAULT_CARRIERS: readonly Carrier[] = ["authorization", "subprotocol"];

/**
 * Prepares a policy for use.
 *
 * @param policy Who is let in.
 * @returns The decision, as a function of a request and the time.
 * @throws {PortcullisError} `invalid_argument` for an origin that no browser would ever send, no keys, two keys of one id,
 * no audience, a leeway that is no number from 0 on, or an unknown carrier.
 */
export function compileDoor(policy: DoorPolicy): Authenticate {
  const originAllowed: OriginCheck = compileOrigins(policy);
  if (policy.insecureAllowAnonymous !== true) checkTokenDoor(policy);
  return (request, nowMs) => {
    // The Origin comes first: a page that may not be here learns nothing about the token that it carries.
    if (!originAllowed(request.origin)) return fault({ refusal: "origin", reason: "origin" });
    if (policy.insecureAllowAnonymous === true) return ok(undefined);
    const credential = findCredential(request, policy.carriers ?? DEFAULT_CARRIERS);
    if (!credential.ok) return fault({ refusal: "two_carriers", reason: "two_carriers" });
    if (credential.value === undefined) return fault({ refusal: "no_credential", reason: "no_credential" });
    const identity = verifyToken(credential.value.token, policy, nowMs);
    return identity.ok
      ? identity
      : fault({ refusal: "invalid_token", reason: identity.fault satisfies TokenFault });
  };
}

/** A setting that is missing, as a variable of the environment is one day, must end the start and not the protection. */
function checkTokenDoor({ keys, audience, leewaySeconds = 0, carriers = DEFAULT_CARRIERS }: TokenDoor): void {
  if (!Array.isArray(keys) || keys.length === 0) refuse("there are no keys");
  if (new Set(keys.map((key) => key.id)).size !== keys.length) refuse("two keys have the same id");
  if (typeof audience !== "string" || audience === "") refuse("there is no audience");
  if (!(leewaySeconds >= 0 && Number.isFinite(leewaySeconds))) {
    refuse(`the leeway is ${leewaySeconds} seconds`);
  }
  if (!carriers.every((carrier) => DEFAULT_CARRIERS.includes(carrier))) refuse("a carrier is not known");
}

function refuse(what: string): never {
  throw new PortcullisError("invalid_argument", `Nobody could be let in, or everybody: ${what}.`);
}
