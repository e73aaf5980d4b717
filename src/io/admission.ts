/**
 * From a request that was let in to a session: what happens right after the 101, or after the first message.
 *
 * @module
 */

import type { Identity } from "../auth/claims.ts";
import type { StandingFault } from "../auth/standing.ts";
import type { Clock } from "../base/clock.ts";
import type { Limits } from "../base/limits.ts";
import { printable } from "../base/text.ts";
import type { AuditSink } from "../session/audit.ts";
import type { Dispatcher } from "../session/dispatch.ts";
import { encodeDelivery } from "../session/envelope.ts";
import type { Groups } from "../session/groups.ts";
import type { Leases } from "../session/leases.ts";
import type { Lifecycle } from "../session/lifecycle.ts";
import type { Registry } from "../session/registry.ts";
import { Session } from "../session/session.ts";
import { SESSION_ENDS, type SessionEndRow } from "../session/session_end.ts";
import type { SessionTrace } from "../session/trace.ts";
import type { AcceptedRequest } from "./acceptor_options.ts";
import type { Connection, ConnectionEvents } from "./connection.ts";
import type { Entrance } from "./entrance.ts";
import type { GateOptions } from "./gate_options.ts";
import { nextRandomId } from "./random_ids.ts";
import type { Refusal } from "./refusal.ts";
import { SessionEvents } from "./session_events.ts";

/** What an admission works with. */
export interface AdmissionOptions<Role extends string, Receive extends object, Send extends object, Data> {
  readonly options: Pick<
    GateOptions<Role, Receive, Send, Data>,
    "approve" | "sessionData" | "opened" | "audit"
  >;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly registry: Registry<Role, Data>;
  readonly lifecycle: Lifecycle<Role, Data>;
  readonly leases: Leases<Role, Data>;
  readonly groups: Groups<Role, Send, Data>;
  readonly dispatcher: Dispatcher<Role, Receive, Send, Data>;
  readonly entrance: Entrance;
  readonly audit: AuditSink;
  /** Told of each session that begins, where somebody observes. */
  readonly trace: SessionTrace | undefined;
  /** Calls a function of the application, whose faults are not the peer's. */
  readonly guard: (call: () => unknown) => void;
}

/** Begins sessions. */
export class Admission<Role extends string, Receive extends object, Send extends object, Data> {
  readonly #parts: AdmissionOptions<Role, Receive, Send, Data>;
  /** What began each session, where the application is asked about later tokens, too. */
  readonly #requests = new WeakMap<Session<Role, Data>, AcceptedRequest>();

  /** @param parts What to work with. */
  constructor(parts: AdmissionOptions<Role, Receive, Send, Data>) {
    this.#parts = parts;
  }

  /**
   * Begins a session.
   *
   * @param connection Its connection.
   * @param request Who asked for it, and from where; there is room for it.
   * @returns Whom to tell of what happens on the connection.
   */
  open(connection: Connection, request: AcceptedRequest): ConnectionEvents {
    const { options, clock, lifecycle, leases, groups, dispatcher, entrance, trace, guard } = this.#parts;
    const nowMs = clock.now();
    // A gate has no open door, and whoever shows his token later comes here when he has.
    const proved = request.identity as Identity;
    const id = nextRandomId();
    // Without the option, nobody can have said that there is any data.
    const data = options.sessionData?.(request) as Data;
    this.#makeRoomFor(proved.subject);
    // Since the last check the application has been told of this and that, and may have revoked the very identity.
    const judged = entrance.door.standing.judge(proved, nowMs);
    if (!judged.ok) return this.#tooLate(connection, proved, judged.fault);
    const roles = leases.knownRoles(judged.value);
    const session = new Session<Role, Data>(id, judged.value, roles, connection, nowMs, data);
    if (options.approve !== undefined) this.#requests.set(session, withoutSecrets(request));
    connection.send(encodeDelivery("hello", this.#hello(session)));
    // Told first: whoever hears that the subject is present may end the session, or send to it.
    session.traceNumber = request.traceNumber;
    trace?.lease(session, "opened");
    lifecycle.admit(session);
    this.#audit(session, request);
    // Whoever was told that the subject is present may have ended the session already.
    if (session.end === undefined) guard(() => options.opened?.(session, groups));
    return new SessionEvents(session, dispatcher, lifecycle, groups);
  }

  /**
   * Asks the application about the next token of a session as about its first, with what is left of the request that began it.
   *
   * @param session Whose token it is.
   * @param identity What the token says.
   * @returns Why not, or `undefined`.
   */
  approveAgain(session: Session<Role, Data>, identity: Identity): Promise<Refusal | undefined> {
    const request = this.#requests.get(session);
    if (request === undefined) return Promise.resolve({ name: "server_fault", reason: "approval_failed" });
    const { approvals } = this.#parts.entrance;
    const abandon = new AbortController();
    // A session handles one message at a time, and this is it.
    const work = session.work = { sessionEnded: () => abandon.abort() };
    return approvals.ask({ ...request, identity }, abandon, "session").finally(() => {
      if (session.work === work) session.work = undefined;
    });
  }

  /** Closes a connection whose identity has ended before there was a session. */
  #tooLate(connection: Connection, { subject }: Identity, fault: StandingFault): ConnectionEvents {
    const { close, tells }: SessionEndRow = SESSION_ENDS[fault];
    const { audit, clock } = this.#parts;
    audit({ event: "authn_login_fail", atMs: clock.now(), reason: fault, subject: printable(subject) });
    connection.close(close?.code, tells);
    return {};
  }

  /** With `replace-oldest`, a subject with too many sessions gives its oldest up, whatever becomes of the new one. */
  #makeRoomFor(subject: string): void {
    const { registry, lifecycle } = this.#parts;
    if (registry.noRoomFor(subject) !== "sessions_of_subject") return;
    const [oldest] = registry.bySubject(subject);
    if (oldest !== undefined) lifecycle.end(oldest, "replaced");
  }

  #hello(session: Session<Role, Data>): object {
    const { id: sessionId, subject, roles, expiresAtMs: expiresAt } = session;
    const { heartbeatMs, maxEnvelopeBytes, maxMessageBytes } = this.#parts.limits;
    return {
      sessionId,
      subject,
      roles: [...roles],
      expiresAt,
      heartbeatMs,
      // Whichever of the two limits a message would meet first.
      maxMessageBytes: Math.min(maxEnvelopeBytes, maxMessageBytes),
    };
  }

  #audit({ id, subject, openedAtMs }: Session, { offer, carrier, address }: AcceptedRequest): void {
    const { options, audit } = this.#parts;
    // In a storm of reconnects, nothing is put together that nobody reads.
    if (options.audit === undefined) return;
    audit({
      event: "authn_login_success",
      atMs: openedAtMs,
      reason: "token",
      subject: printable(subject),
      sessionId: id,
      ...(carrier === undefined ? {} : { carrier }),
      ...(offer.origin === undefined ? {} : { origin: printable(offer.origin) }),
      address: printable(address),
    });
  }
}

/** What a request asked for, without the places in which a credential can be. */
function withoutSecrets(request: AcceptedRequest): AcceptedRequest {
  return { ...request, offer: { ...request.offer, query: "", subprotocols: [], fields: new Map() } };
}
