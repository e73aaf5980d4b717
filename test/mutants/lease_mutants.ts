/**
 * Mutants of identity over time: leases, their end, who is there, and what is written down about it.
 *
 * @module
 */

import type { Mutant } from "./mutants.ts";

/** In session/leases.ts, session/lifecycle.ts, session/session_end.ts, session/presence.ts, session/registry.ts and session/audit.ts. */
export const LEASE_MUTANTS: readonly Mutant[] = [
  {
    file: "session/drain.ts",
    from: "this.#isLate || !session.sender.waitsForHandler",
    to: "true",
    wrong: "closes whose request is being handled in a drain",
  },
  {
    file: "session/drain.ts",
    from: "this.#isLate || ",
    to: "",
    wrong: "waits for ever for a handler in a drain",
  },
  {
    file: "session/drain.ts",
    from: "random() * limits.reconnectSpreadMs",
    to: "limits.reconnectSpreadMs",
    wrong: "has all clients come back at once",
  },
  {
    file: "session/drain.ts",
    from: "if (!this.#isLate && batch.length === limits.drainBatchSessions) break;",
    to: "",
    wrong: "closes all sessions in one turn",
  },
  {
    file: "session/drain.ts",
    from: "this.#after(limits.drainNoticeMs, () => this.#endSome());",
    to: "this.#after(BATCH_EVERY_MS, () => this.#endSome());",
    wrong: "gives clients no time between the notice and the end",
  },
  {
    file: "session/leases.ts",
    from: '  ["approval_timeout", "rate_limited"],\n',
    to: "",
    wrong: "says that a token is not good because nobody has looked at it in time",
  },
  {
    file: "session/leases.ts",
    from: 'lifecycle.endAll(meant, "revoked");',
    to: "",
    wrong: "leaves the revoked subject in",
  },
  {
    file: "session/leases.ts",
    from: "standing.revoke(target, nowMs, meant.map(({ identity }) => identity));",
    to: "standing.revoke(target, nowMs);",
    wrong: "forgets what it knows of the tokens that it revokes",
  },
  {
    file: "session/leases.ts",
    from: "standing.setRoles(subject, roles, nowMs);",
    to: "",
    wrong: "lets roles come back by an old token",
  },
  {
    file: "session/leases.ts",
    from: "for (const session of sessions) this.#change(session, { ...session.identity, roles });",
    to: "for (const session of sessions.slice(0, 1)) this.#change(session, { ...session.identity, roles });",
    wrong: "changes the roles in one tab of two",
  },
  {
    file: "session/leases.ts",
    from: "if (identity.subject !== session.subject) {",
    to: "if (false) {",
    wrong: "takes the token of another subject for a refresh",
  },
  {
    file: "session/leases.ts",
    from: "lifecycle.lease(session, judged.value, this.knownRoles(judged.value), atMs);",
    to: "lifecycle.lease(session, judged.value, session.roles, atMs);",
    wrong: "keeps the roles of the token before the refresh",
  },
  {
    file: "session/leases.ts",
    from: "const judged = standing.judge(proved, atMs);\n",
    to: "const judged = ok(proved);\n",
    wrong: "renews a lease by a token that was revoked while the application was asked",
  },
  {
    file: "session/leases.ts",
    from: "if (approve === undefined) return this.#renew(session, identity);",
    to:
      "if (approve !== undefined) return this.#renew(session, identity);\n    if (approve === undefined) return this.#renew(session, identity);",
    wrong: "does not ask the application about the token of a refresh",
  },
  {
    file: "session/leases.ts",
    from: "lifecycle.lease(session, judged.value, this.knownRoles(judged.value), atMs);",
    to: "lifecycle.lease(session, judged.value, this.knownRoles(judged.value), session.leasedAtMs);",
    wrong: "reckons a refreshed lease from its first token on",
  },
  {
    file: "session/leases.ts",
    from: "return this.#roleSets.of(roles);",
    to: "return new Set(roles as readonly Role[]);",
    wrong: "gives a session roles that the table does not know",
  },
  {
    file: "session/leases.ts",
    from: "if (!judged.ok) lifecycle.end(session, judged.fault);\n      else if (judged.value.",
    to: "if (judged.ok && judged.value.",
    wrong: "leaves the sessions of a withdrawn key open",
  },
  {
    file: "session/leases.ts",
    from: "else if (judged.value.expiresAtMs !== session.expiresAtMs) this.#change(session, judged.value);",
    to: "",
    wrong: "does not end sessions with their key",
  },
  {
    file: "session/leases.ts",
    from: 'this.#options.audit({ event: "authn_token_revoked", atMs: nowMs, reason, ...about });',
    to: "",
    wrong: "writes no revocation down",
  },
  {
    file: "session/leases.ts",
    from: "audit({ event, reason, atMs: clock.now(), ...aboutRefresh(session) });",
    to: "",
    wrong: "writes no refused refresh down",
  },
  {
    file: "session/lifecycle.ts",
    from: "const EXPIRING_AT = 0.8;",
    to: "const EXPIRING_AT = 1;",
    wrong: "tells a client that its lease ends when it has ended",
  },
  {
    file: "session/lifecycle.ts",
    from: "this.#agenda.set(session, leasedAtMs + (expiresAtMs - leasedAtMs) * EXPIRING_AT);",
    to: "this.#agenda.set(session, session.openedAtMs + (expiresAtMs - session.openedAtMs) * EXPIRING_AT);",
    wrong: "reckons the notice from the beginning of the session",
  },
  {
    file: "session/lifecycle.ts",
    from: "if (isOtherTime) this.#scheduleNotice(session);",
    to: "",
    wrong: "ends a session by the token before the refresh",
  },
  {
    file: "session/lifecycle.ts",
    from: "if (isOtherTime) this.#scheduleNotice(session);",
    to: "this.#scheduleNotice(session);",
    wrong: "tells a client twice that its lease ends",
  },
  {
    file: "session/lifecycle.ts",
    from: "this.#agenda.set(session, expiresAt);",
    to: "",
    wrong: "never ends a session that it has told of its end",
  },
  {
    file: "session/lifecycle.ts",
    from: "if (!session.markEnded(end)) return false;",
    to: "session.markEnded(end);",
    wrong: "ends a session twice",
  },
  {
    file: "session/lifecycle.ts",
    from: "this.#agenda.delete(session);",
    to: "",
    wrong: "tells who has left that his lease ends",
  },
  {
    file: "session/lifecycle.ts",
    from: "this.#options.registry.remove(session);",
    to: "",
    wrong: "finds a session in its groups after its end",
  },
  {
    file: "session/lifecycle.ts",
    from: "if (session.end !== undefined) return;",
    to: "",
    wrong: "puts who is over back into an index",
  },
  {
    file: "session/lifecycle.ts",
    from: "const ended = sessions.filter((session) => this.#detach(session, end));",
    to: "for (const session of sessions) this.end(session, end);\n    const ended: typeof sessions = [];",
    wrong: "tells of the first revoked session while the others are still in",
  },
  {
    file: "session/session_end.ts",
    from: "revoked: { close: CLOSE.forbidden,",
    to: "revoked: { close: CLOSE.unauthenticated,",
    wrong: "asks the revoked for another token",
  },
  {
    file: "session/session_end.ts",
    from: "expired: { close: CLOSE.unauthenticated,",
    to: "expired: { close: CLOSE.forbidden,",
    wrong: "sends away for ever who needs a new token",
  },
  {
    file: "session/presence.ts",
    from: "if (this.#registry.countOf(subject) > 0) return;",
    to: "",
    wrong: "says that somebody is gone whose other tab is open",
  },
  {
    file: "session/presence.ts",
    from: "if (this.#registry.countOf(subject) > 1) return;",
    to: "",
    wrong: "says of each tab that somebody has come",
  },
  {
    file: "session/presence.ts",
    from: "this.#agenda.delete(departure);",
    to: "",
    wrong: "says that somebody is gone who came back in time",
  },
  {
    file: "session/presence.ts",
    from: "|| this.#departures.size > limits.maxSessions",
    to: "",
    wrong: "remembers any number of those who have left",
  },
  {
    file: "session/registry.ts",
    from: "if (members?.delete(member) === true && members.size === 0) index.delete(key);",
    to: "index.delete(key);",
    wrong: "forgets the other tabs of a subject when one closes",
  },
  {
    file: "session/registry.ts",
    from: "if (members?.delete(member) === true && members.size === 0) index.delete(key);",
    to: "members?.delete(member);",
    wrong: "keeps an empty group for each name that a stranger thought of",
  },
  {
    file: "session/registry.ts",
    from: "for (const role of session.roles) if (!roles.has(role)) removeFrom(this.#byRole, role, session);",
    to: "",
    wrong: "leaves a session in the group of a role that it has lost",
  },
  {
    file: "session/registry.ts",
    from: "if (member.rooms.size >= this.#limits.maxRoomsPerSession) return false;",
    to: "",
    wrong: "lets a session into any number of rooms",
  },
  {
    file: "session/audit.ts",
    from: 'new Set(["ticket_reused", "revoked", "key_withdrawn"])',
    to: "new Set()",
    wrong: "writes the reuse of a token down as a slip of the hand",
  },
  {
    file: "session/audit.ts",
    from: "{ type: printable(type) }",
    to: "{ type }",
    wrong: "lets a type write lines of its own into the log",
  },
  {
    file: "session/leases.ts",
    from: 'if (session.end !== undefined) return fault("forbidden");',
    to: "",
    wrong: "renews a session that has ended while the application was asked",
  },
  {
    file: "session/drain.ts",
    from: "this.#isLate ? Infinity : limits.drainBatchSessions",
    to: "limits.drainBatchSessions",
    wrong: "tells a few at a time although the time is up",
  },
  {
    file: "session/drain.ts",
    from: "    this.#deadline?.cancel();\n",
    to: "",
    wrong: "leaves a timer behind when the drain is over",
  },
  {
    file: "session/drain.ts",
    from: "if (!this.#isLate && batch.length",
    to: "if (batch.length",
    wrong: "closes a few at a time although the time is up",
  },
];
