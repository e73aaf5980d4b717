/**
 * Mutants of the door: where a credential may be, who may show it, and whether it still holds.
 *
 * @module
 */

import type { Mutant } from "./mutants.ts";

/** In auth/credential.ts, auth/origin.ts, auth/fetch_metadata.ts, auth/door.ts, auth/ticket.ts, auth/standing.ts and auth/decision.ts. */
export const DOOR_MUTANTS: readonly Mutant[] = [
  {
    file: "auth/credential.ts",
    from: 'return count > 1 ? fault("two_carriers") : ok(found[0]);',
    to: "return ok(found[0]);",
    wrong: "believes the first of two credentials",
  },
  {
    file: "auth/credential.ts",
    from: "count++;",
    to: "if (secret !== undefined) count++;",
    wrong: "does not count the credential of another scheme",
  },
  {
    file: "auth/credential.ts",
    from: "withoutBlanks(pair.slice(0, sign)) === name",
    to: "pair.slice(0, sign).trim() === name",
    wrong: "takes a cookie whose prefix no browser has seen",
  },
  {
    file: "auth/credential.ts",
    from: "/^__Host-[A-Za-z0-9_-]{1,64}$/",
    to: "/^[A-Za-z0-9_-]{1,71}$/",
    wrong: "takes a cookie that a neighbouring subdomain can plant",
  },
  {
    file: "auth/origin.ts",
    from: "origin === undefined || allowed.has(origin)",
    to: "origin === undefined || [...allowed].some((one) => origin.startsWith(one))",
    wrong: "takes `https://example.com.evil` for `https://example.com`",
  },
  {
    file: "auth/origin.ts",
    from: "origin === undefined || allowed.has(origin)",
    to: 'origin === undefined || origin === "null" || allowed.has(origin)',
    wrong: "lets every sandboxed page in",
  },
  {
    file: "auth/fetch_metadata.ts",
    from: 'if (origin === undefined) return "cookie_without_origin";',
    to: "",
    wrong: "believes a cookie without an Origin",
  },
  {
    file: "auth/fetch_metadata.ts",
    from: "sites.every((site) => OWN_SITE.has(site))",
    to: 'sites.every((site) => site !== "cross-site")',
    wrong: "believes a cookie of a request that no page made",
  },
  {
    file: "auth/door.ts",
    from:
      'if (!this.#originAllowed(request.origin)) return fault({ refusal: "origin", reason: "foreign_origin" });',
    to: "",
    wrong: "asks no page for its Origin",
  },
  {
    file: "auth/door.ts",
    from: 'if (carriers.includes("message")) return ok({ identity: undefined, carrier: "message" });',
    to: 'return ok({ identity: undefined, carrier: "message" });',
    wrong: "lets in who shows nothing",
  },
  {
    file: "auth/door.ts",
    from: "return verified.ok ? this.standing.judge(verified.value, nowMs) : verified;",
    to: "return verified;",
    wrong: "lets a revoked token in",
  },
  {
    file: "auth/door.ts",
    from: "return stands.ok ? this.standing.judge(stands.value, nowMs) : stands;",
    to: "return stands;",
    wrong: "lets in by a ticket whose token was revoked since",
  },
  {
    file: "auth/door.ts",
    from: 'use === "redeem" ? tickets.redeem(text, origin, nowMs) : tickets.look(text, origin, nowMs)',
    to: "tickets.redeem(text, origin, nowMs)",
    wrong: "uses a ticket up by asking about it",
  },
  {
    file: "auth/door.ts",
    from: 'const reason = carrier === "cookie" ? cookieFault(origin, fields) : undefined;',
    to: "const reason = undefined;",
    wrong: "believes a cookie whichever page sent it",
  },
  {
    file: "auth/door.ts",
    from: 'carriers.includes("cookie") && policy.insecureAllowAnyOrigin === true',
    to: "false",
    wrong: "can be set up so that every page acts for its visitor",
  },
  {
    file: "auth/ticket.ts",
    from: 'found.value.state = "used";',
    to: "",
    wrong: "takes a ticket a second time",
  },
  {
    file: "auth/ticket.ts",
    from: 'return ticket.state === "used" ? fault("ticket_reused") : ok(ticket);',
    to: 'return ticket.state === "used" ? fault("ticket_unknown") : ok(ticket);',
    wrong: "does not know a stolen ticket for what it is",
  },
  {
    file: "auth/ticket.ts",
    from: "origin === asking ? ok(identity)",
    to: "origin === undefined || origin === asking ? ok(identity)",
    wrong: "lets any page use a ticket that no page asked for",
  },
  {
    file: "auth/ticket.ts",
    from: "origin === asking ? ok(identity)",
    to: "true ? ok(identity)",
    wrong: "ignores the Origin for which a ticket was given",
  },
  {
    file: "auth/ticket.ts",
    from: 'found.value.state = "used";',
    to: 'if (found.value.origin === origin) found.value.state = "used";',
    wrong: "lets a page try one Origin after another on a ticket",
  },
  {
    file: "auth/ticket.ts",
    from: "const untilMs = nowMs + ticketLifetimeMs;",
    to: "const untilMs = identity.expiresAtMs;",
    wrong: "gives tickets out that live as long as their token",
  },
  {
    file: "auth/ticket.ts",
    from: 'if (ofSubject.length >= maxTicketsPerSubject) return fault("too_many_tickets_of_subject");',
    to: "",
    wrong: "lets one subject take all tickets",
  },
  {
    file: "auth/standing.ts",
    from: "issuedAtMs = -Infinity } = identity;",
    to: "issuedAtMs = Infinity } = identity;",
    wrong: "takes a token that does not say when it was made for a new one",
  },
  {
    file: "auth/standing.ts",
    from: "if (isNobodys({ subject })) return;",
    to: "",
    wrong: "keeps roles for a subject that no token can have",
  },
  {
    file: "auth/standing.ts",
    from: "isNobodys(target) || ",
    to: "",
    wrong: "keeps a revocation for a name that no token can have",
  },
  {
    file: "auth/standing.ts",
    from: 'if (keyEndsAtMs <= nowMs) return fault("key_withdrawn");',
    to: "",
    wrong: "lets in by a key that was withdrawn",
  },
  {
    file: "auth/standing.ts",
    from:
      'if (tokenId !== undefined && this.#tokenIds.get(tokenId, nowMs) === true) return fault("revoked");',
    to: "",
    wrong: "lets a token in whose name was revoked",
  },
  {
    file: "auth/standing.ts",
    from: "issuedAtMs <= revokedUpToMs",
    to: "issuedAtMs < revokedUpToMs",
    wrong: "lets a token in that was made in the moment of its revocation",
  },
  {
    file: "auth/standing.ts",
    from: "Math.max(this.#issuedBeforeMs, momentMs)",
    to: "momentMs",
    wrong: "takes a revocation back by one of older tokens",
  },
  {
    file: "auth/standing.ts",
    from: "const rolesHold = changed === undefined || issuedAtMs > changed.upToMs;",
    to: "const rolesHold = true;",
    wrong: "gives roles back to an old token",
  },
  {
    file: "auth/standing.ts",
    from: "this.#revokeAllBefore(nowMs + this.#leewayMs + ROUNDING_MS, nowMs);",
    to: "",
    wrong: "forgets a revocation for which there is no room",
  },
  {
    file: "auth/standing.ts",
    from: "nowMs + this.#leewayMs + ROUNDING_MS + this.#limits.maxTokenLifetimeMs",
    to: "nowMs + this.#limits.maxTokenLifetimeMs",
    wrong: "forgets a revocation before the last of its tokens has ended",
  },
  {
    file: "auth/standing.ts",
    from: "Math.max(before, nowMs + Math.max(this.#leewayMs, this.#aheadMs))",
    to: "Math.max(before, nowMs + this.#aheadMs)",
    wrong: "lets a revoked token in whose issuer's clock is ahead by the leeway",
  },
  {
    file: "auth/standing.ts",
    from: "Math.max(before, nowMs + Math.max(this.#leewayMs, this.#aheadMs))",
    to: "nowMs + Math.max(this.#leewayMs, this.#aheadMs)",
    wrong: "takes a revocation back when it is said again by a clock that was set back",
  },
  {
    file: "auth/standing.ts",
    from: "this.#aheadMs = Math.max(this.#aheadMs, aheadMs);",
    to: "",
    wrong: "lets a revoked token in whose `iat` was rounded up",
  },
  {
    file: "auth/standing.ts",
    from: "expiresAtMs <= keyEndsAtMs ? held",
    to: "true ? held",
    wrong: "lets an identity outlive its key",
  },
  {
    file: "auth/standing.ts",
    from: "Number(issuedBefore) >= FIRST_MOMENT_MS",
    to: "Number(issuedBefore) >= 0",
    wrong: "takes seconds for milliseconds, and revokes nothing",
  },
  {
    file: "auth/standing.ts",
    from: "(identity.issuedAtMs ?? -Infinity) < Number(issuedBefore)",
    to: "(identity.issuedAtMs ?? Infinity) < Number(issuedBefore)",
    wrong: "leaves the sessions of tokens without `iat` open",
  },
  {
    file: "auth/decision.ts",
    from: "if (isToCome && OF_IDENTITY.has(step)) continue;",
    to: "",
    wrong: "says of a token that is still to come that it has passed",
  },
];
