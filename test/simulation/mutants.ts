/**
 * For each invariant, sources that break it: `npm run simulate -- --mutants` shows that a few seeds are enough to find each of them.
 *
 * @module
 */

import type { Mutant } from "../mutants/mutants.ts";

/** What the simulation must find. */
export const SIMULATION_MUTANTS: readonly Mutant[] = [
  {
    file: "auth/permission.ts",
    from: 'if (principal.expiresAtMs <= nowMs) return "expired";',
    to: "",
    wrong: "handles messages of whose lease is over before its timer has run",
  },
  {
    file: "auth/permission.ts",
    from: 'return "forbidden";\n}',
    to: "return undefined;\n}",
    wrong: "handles messages that no role allows",
  },
  {
    file: "session/leases.ts",
    from: 'lifecycle.endAll(meant, "revoked");',
    to: "",
    wrong: "keeps the sessions of revoked tokens",
  },
  {
    file: "auth/standing.ts",
    from: 'if (revokedUpToMs !== undefined && issuedAtMs <= revokedUpToMs) return fault("revoked");',
    to: "",
    wrong: "lets revoked tokens in again",
  },
  {
    file: "session/leases.ts",
    from: "for (const session of sessions) this.#change(session, { ...session.identity, roles });",
    to: "",
    wrong: "leaves open sessions the roles that they had",
  },
  {
    file: "auth/standing.ts",
    from: "const rolesHold = changed === undefined || issuedAtMs > changed.upToMs;",
    to: "const rolesHold = true;",
    wrong: "gives whoever reconnects the roles that he had",
  },
  {
    file: "session/leases.ts",
    from: "if (!judged.ok) lifecycle.end(session, judged.fault);\n      else if (judged",
    to: "if (judged.ok && judged",
    wrong: "keeps the sessions of a key that was withdrawn",
  },
  {
    file: "session/registry.ts",
    from: "this.#byId.delete(session.id);",
    to: "",
    wrong: "keeps sessions in the registry that are over",
  },
  {
    file: "session/registry.ts",
    from: "for (const room of session.rooms) removeFrom(this.#byRoom, room, session);",
    to: "",
    wrong: "keeps sessions in rooms that are over",
  },
  {
    file: "session/registry.ts",
    from: "for (const role of session.roles) if (!roles.has(role)) removeFrom(this.#byRole, role, session);",
    to: "",
    wrong: "keeps a session among those of a role that it has lost",
  },
  {
    file: "session/registry.ts",
    from: "for (const role of roles) addTo(this.#byRole, role, session);",
    to: "",
    wrong: "does not find a session by a role that it has gained",
  },
  {
    file: "io/session_events.ts",
    from: 'this.#lifecycle.end(this.#session, "left");',
    to: "",
    wrong: "keeps the session of a connection that is gone",
  },
  {
    file: "session/lifecycle.ts",
    from: "if (closeCode !== undefined) session.sender.close(closeCode, tells ?? row.tells);",
    to: "",
    wrong: "leaves the connection of an ended session open",
  },
  {
    file: "session/lifecycle.ts",
    from: 'if (expiresAt <= nowMs) return this.end(session, "expired");',
    to: "",
    wrong: "never ends a session whose lease is over",
  },
  {
    file: "session/presence.ts",
    from: 'this.#departures.delete(subject);\n    this.#options.changed(subject, "absent");',
    to: "",
    wrong: "counts as present whoever has left",
  },
  {
    file: "session/groups.ts",
    from: "const undelivered = undeliveredBy(row, session, valid.value, nowMs);",
    to: "const undelivered = undefined;",
    wrong: "sends to whoever is named",
  },
  {
    file: "session/slow_readers.ts",
    from: "const undelivered = undeliveredBy(row, session, data, nowMs);",
    to: "const undelivered = undefined;",
    wrong: "sends what was kept to whom may not read it any more",
  },
  {
    file: "session/handler_calls.ts",
    from: "this.#agenda.set(call, this.#clock.now() + this.#timeoutMs);",
    to: "",
    wrong: "waits for a handler for ever, and with it its session",
  },
  {
    file: "io/intake.ts",
    from: "this.hold(HELD_BY.handler);",
    to: "",
    wrong: "answers the second message before the first",
  },
  {
    file: "io/intake.ts",
    from: "    this.#held |= reason;",
    to: "",
    wrong: "reads nothing more behind a handler that took its time",
  },
  {
    file: "io/sending_connection.ts",
    from: "const { maxQueuedBytes } = this.#bounds.limits;",
    to: "const maxQueuedBytes = Infinity;",
    wrong: "queues without bound for a peer that does not read",
  },
  {
    file: "io/occupancy.ts",
    from: "this.#addresses[whose].of(addressBlock(address)) >= most",
    to: "false",
    wrong: "lets one address have all connections",
  },
  {
    file: "session/registry.ts",
    from: 'if (this.countOf(subject) >= this.#limits.maxSessionsPerSubject) return "sessions_of_subject";',
    to: "",
    wrong: "lets one subject have all sessions",
  },
  {
    file: "io/connections.ts",
    from: "this.#heartbeat.remove(connection);",
    to: "",
    wrong: "looks after connections that are gone",
  },
  {
    file: "io/heartbeat.ts",
    from: 'return connection.close(CLOSE.deadline.code, "No answer to a ping");',
    to: "break;",
    wrong: "never finds out that a peer has vanished",
  },
  {
    file: "io/entrance.ts",
    from: 'this.#state = "draining";',
    to: "",
    wrong: "lets in whoever comes while the gate drains",
  },
  {
    file: "session/dispatch.ts",
    from: "    } catch (error) {\n      return this.#answers.failed(session, envelope, error, step);\n    }",
    to: "    } finally {}",
    wrong: "has a handler that throws end its connection",
  },
];
