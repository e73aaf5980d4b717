/**
 * Identity over time: a lease, true for now. It is refreshed, is revoked, and its roles change while the connection lives.
 * Whatever changes holds for the next message and the next delivery, as all of it happens in one turn of the event loop.
 *
 * @module
 */

import type { Identity } from "../auth/claims.ts";
import type { IdentityFault } from "../auth/door.ts";
import { type Revocation, Standing } from "../auth/standing.ts";
import type { Clock } from "../base/clock.ts";
import { PortcullisError } from "../base/errors.ts";
import { fault, ok, type Result } from "../base/result.ts";
import { printable } from "../base/text.ts";
import {
  type AuditEvent,
  type AuditName,
  type AuditSink,
  EVENT_OF_DENIAL,
  eventOfBadToken,
} from "./audit.ts";
import { encodeDelivery } from "./envelope.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { SessionMeter } from "./meter.ts";
import type { Registry } from "./registry.ts";
import { RoleSets } from "./role_sets.ts";
import type { Session } from "./session.ts";
import type { SessionTrace } from "./trace.ts";

/** What leases work with. */
export interface LeasesOptions<Role extends string, Data> {
  /** The roles of the permission table. */
  readonly roles: readonly Role[];
  readonly registry: Registry<Role, Data>;
  readonly lifecycle: Lifecycle<Role, Data>;
  readonly standing: Standing;
  /** Verifies a token, and says whom it names now. */
  readonly judgeToken: (token: string, nowMs: number) => Result<Identity, IdentityFault>;
  /** Asks the application about another token of a session, where it is asked about tokens. Never rejects. */
  readonly approve?: (
    session: Session<Role, Data>,
    identity: Identity,
  ) => Promise<{ readonly reason: string } | undefined>;
  readonly clock: Clock;
  readonly audit: AuditSink;
  readonly meter: SessionMeter;
  /** Told of each change of a lease, where somebody observes. */
  readonly trace?: SessionTrace | undefined;
}

/** What a client is told of its lease. */
export interface LeaseTerms {
  /** What it may do now. */
  readonly roles: readonly string[];
  /** When the identity ends, in milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** Why a session is not put on another token. */
export type RefreshFault = "invalid_data" | "forbidden" | "rate_limited" | "internal";

/** Reasons that say nothing of the token: the same one may be shown again. Any other is a no of the application. */
const NOT_ABOUT_THE_TOKEN: ReadonlyMap<string, "rate_limited" | "internal"> = new Map([
  ["pending", "rate_limited"],
  ["pending_of_subject", "rate_limited"],
  ["approval_timeout", "rate_limited"],
  ["approval_failed", "internal"],
]);

/** What came of an attempt to put a session on another token. */
export type Refreshed = Result<LeaseTerms, RefreshFault>;

/** The leases of all sessions. */
export class Leases<Role extends string = string, Data = unknown> {
  readonly #options: LeasesOptions<Role, Data>;
  readonly #roleSets: RoleSets<Role>;

  /**
   * Made by a gate.
   *
   * @param options What to work with.
   */
  constructor(options: LeasesOptions<Role, Data>) {
    this.#options = options;
    this.#roleSets = new RoleSets(options.roles);
  }

  /**
   * Revokes tokens. When this returns, the sessions that rest on them are over (closed with 3003), none of their messages is
   * handled any more, and the same tokens are refused at the door, for as long as they could live.
   *
   * @param target `{ subject }`: the tokens of one subject that were issued up to now, so that it can sign in anew;
   * `{ tokenId }`: the token of one `jti`; `{ issuedBefore }`: all tokens issued before a moment (a `Date`, or milliseconds
   * since the Unix epoch). A token without `iat` counts as issued before any moment.
   * @returns How many sessions were ended; 0, and nothing is remembered, for a name of more than 256 characters, which no token has.
   * @throws {PortcullisError} `invalid_argument` for none or several targets, or a time in seconds.
   */
  revoke(target: Revocation): number {
    const { registry, lifecycle, standing, clock, meter } = this.#options;
    const startedAt = meter.seconds();
    // #region revoke_order
    const nowMs = clock.now();
    const candidates = target.subject === undefined ? registry.all() : registry.bySubject(target.subject);
    const meant = [...candidates].filter(({ identity }) => Standing.isMeant(target, identity));
    const listed = standing.revoke(target, nowMs, meant.map(({ identity }) => identity));
    lifecycle.endAll(meant, "revoked");
    // #endregion
    meter.revoked(startedAt);
    const reason = target.subject !== undefined
      ? "subject"
      : target.tokenId !== undefined
      ? "token_id"
      : "issued_before";
    const about = target.subject === undefined ? {} : { subject: printable(target.subject) };
    this.#options.audit({ event: "authn_token_revoked", atMs: nowMs, reason, ...about });
    // That everybody has to sign in anew is a decision that the operator should hear of.
    if (listed === "everybody") {
      this.#options.audit({ event: "authn_token_revoked", atMs: nowMs, reason: "list_full" });
    }
    return meant.length;
  }

  /**
   * Gives a subject other roles, at once: they hold for the next message and the next delivery of its sessions, and for
   * whoever comes with a token that was issued before. Tokens issued later say again what they say.
   *
   * @param subject Whom.
   * @param roles What it may do from now on; of the permission table.
   * @returns How many sessions have other roles now; 0, and nothing is remembered, for a name of more than 256 characters.
   * @throws {PortcullisError} `invalid_argument` for a role that the table does not know.
   */
  setRoles(subject: string, roles: readonly Role[]): number {
    const { registry, standing, clock, audit } = this.#options;
    // By its place: in JavaScript, what is not there may be `undefined` itself.
    const at = roles.findIndex((role) => !this.#options.roles.includes(role));
    if (at >= 0) {
      throw new PortcullisError(
        "invalid_argument",
        `The table has no role "${printable(String(roles[at]))}".`,
      );
    }
    const nowMs = clock.now();
    const sessions = registry.bySubject(subject);
    standing.setRoles(subject, roles, nowMs);
    for (const session of sessions) this.#change(session, { ...session.identity, roles });
    audit({
      event: "privilege_permissions_changed",
      atMs: nowMs,
      reason: "roles",
      subject: printable(subject),
      roles,
    });
    return sessions.size;
  }

  /** @internal Those of the roles in a token that the table knows. */
  knownRoles({ roles }: Identity): ReadonlySet<Role> {
    return this.#roleSets.of(roles);
  }

  /**
   * @internal Puts a session on another token.
   *
   * @param session Whose lease is alive.
   * @param token As it was sent.
   * @returns The new terms, or the denial: `invalid_data` for a token that is not good, `forbidden` for that of another
   * subject, one that the application does not approve of, or a session that has ended meanwhile (which is not audited);
   * `rate_limited` when the application is asked about too many already, or does not answer in time, `internal` when it fails.
   * The lease that there is stays as it is then, and ends when it would have. A promise, which never rejects, where the
   * application is asked.
   */
  refresh(session: Session<Role, Data>, token: string): Refreshed | Promise<Refreshed> {
    const { clock, judgeToken, approve } = this.#options;
    const judged = judgeToken(token, clock.now());
    if (!judged.ok) return this.#refuse(session, eventOfBadToken(judged.fault), judged.fault, "invalid_data");
    const identity = judged.value;
    if (identity.subject !== session.subject) {
      return this.#refuse(session, "authn_login_fail", "other_subject", "forbidden");
    }
    if (approve === undefined) return this.#renew(session, identity);
    return approve(session, identity).then((refused) => {
      // There is nothing to renew any more, and nobody to tell.
      if (session.end !== undefined) return fault("forbidden");
      if (refused === undefined) return this.#renew(session, identity);
      const why = NOT_ABOUT_THE_TOKEN.get(refused.reason);
      return why === undefined
        ? this.#refuse(session, "authn_login_fail", refused.reason, "forbidden")
        : this.#refuse(session, EVENT_OF_DENIAL[why], refused.reason, why);
    });
  }

  /** @internal The time of a key has changed: each session ends with the key that vouches for it, if not before. */
  keysChanged(): void {
    const { registry, lifecycle, standing, clock } = this.#options;
    const nowMs = clock.now();
    for (const session of [...registry.all()]) {
      const judged = standing.judge(session.identity, nowMs);
      // The application, told of one that ended, may have ended another.
      if (session.end !== undefined) continue;
      if (!judged.ok) lifecycle.end(session, judged.fault);
      else if (judged.value.expiresAtMs !== session.expiresAtMs) this.#change(session, judged.value);
    }
  }

  /** Judged once more, as the approval may have been awaited, and much have changed meanwhile. */
  #renew(session: Session<Role, Data>, proved: Identity): Refreshed {
    const { clock, standing, lifecycle, audit, trace } = this.#options;
    const atMs = clock.now();
    const judged = standing.judge(proved, atMs);
    if (!judged.ok) return this.#refuse(session, eventOfBadToken(judged.fault), judged.fault, "invalid_data");
    lifecycle.lease(session, judged.value, this.knownRoles(judged.value), atMs);
    audit({ event: "session_renewed", reason: "refresh", atMs, ...aboutRefresh(session) });
    trace?.lease(session, "refreshed");
    return ok(termsOf(session));
  }

  #refuse(session: Session<Role, Data>, event: AuditName, reason: string, why: RefreshFault): Refreshed {
    const { audit, clock, trace } = this.#options;
    audit({ event, reason, atMs: clock.now(), ...aboutRefresh(session) });
    trace?.lease(session, "refused", reason);
    return fault(why);
  }

  /** Gives a session other terms, and tells its client. */
  #change(session: Session<Role, Data>, identity: Identity): void {
    this.#options.lifecycle.lease(session, identity, this.knownRoles(identity), session.leasedAtMs);
    session.sender.send(encodeDelivery("auth.changed", termsOf(session)));
    this.#options.trace?.lease(session, "changed");
  }
}

function aboutRefresh({ subject, id }: Session): Pick<AuditEvent, "subject" | "sessionId" | "type"> {
  return { subject: printable(subject), sessionId: id, type: "auth.refresh" };
}

function termsOf(session: Session): LeaseTerms {
  return { roles: [...session.roles], expiresAt: session.expiresAtMs };
}
