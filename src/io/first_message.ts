/**
 * The token in the first message, for clients that can put it nowhere else. Such a client is let in before anybody knows
 * who it is, which is why this is off by default, and bounded in every way: how many there are, for how long, and how much
 * they may send.
 *
 * @module
 */

import { Agenda } from "../base/agenda.ts";
import type { Clock } from "../base/clock.ts";
import { type Deadline, NOT_QUEUED } from "../base/deadline_queue.ts";
import type { Limits } from "../base/limits.ts";
import type { CloseStatus } from "../protocol/close.ts";
import { CLOSE } from "../protocol/close_codes.ts";
import { type DenialCode, encodeError, encodeOk, parseEnvelope, tokenIn } from "../session/envelope.ts";
import type { AcceptedRequest } from "./acceptor_options.ts";
import type { ConnectionEvents, UnauthenticatedConnection } from "./connection.ts";
import type { Entrance } from "./entrance.ts";
import { type Refusal, type RefusalName, type RefusalRow, REFUSALS } from "./refusal.ts";

/** What first messages are judged with. */
export interface FirstMessagesOptions {
  readonly clock: Clock;
  readonly limits: Pick<Limits, "authTimeoutMs" | "maxEnvelopeDepth">;
  /** Decides. */
  readonly entrance: () => Entrance;
  /** Whether the application is asked about each identity. */
  readonly asksForApproval: boolean;
  /** Begins a session. @returns Whom to tell of what happens on its connection. */
  readonly admitted: (connection: UnauthenticatedConnection, request: AcceptedRequest) => ConnectionEvents;
}

/** The connections whose first message has not come yet. */
export class FirstMessages {
  readonly #options: FirstMessagesOptions;
  readonly #agenda: Agenda<FirstMessage>;

  /** @param options What to work with. */
  constructor(options: FirstMessagesOptions) {
    this.#options = options;
    this.#agenda = new Agenda(options.clock, (message) => message.late());
  }

  /** Waits for the token of a connection. @returns Whom to tell of what happens on it until then. */
  await(connection: UnauthenticatedConnection, request: AcceptedRequest): ConnectionEvents {
    const message = new FirstMessage(connection, request, this.#options, (done) => this.#agenda.delete(done));
    this.#agenda.set(message, this.#options.clock.now() + this.#options.limits.authTimeoutMs);
    return message;
  }
}

/** One of them. */
class FirstMessage implements ConnectionEvents, Deadline {
  dueAtMs = 0;
  queueIndex: number = NOT_QUEUED;
  readonly #connection: UnauthenticatedConnection;
  readonly #request: AcceptedRequest;
  readonly #options: FirstMessagesOptions;
  readonly #done: (message: FirstMessage) => void;
  readonly #abandoned = new AbortController();
  #status: CloseStatus | undefined;

  constructor(
    connection: UnauthenticatedConnection,
    request: AcceptedRequest,
    options: FirstMessagesOptions,
    done: (message: FirstMessage) => void,
  ) {
    this.#connection = connection;
    this.#request = request;
    this.#options = options;
    this.#done = done;
  }

  text(text: string): Promise<void> | undefined {
    const { limits, clock, entrance } = this.#options;
    const envelope = parseEnvelope(text, limits.maxEnvelopeDepth);
    const token = envelope.ok && envelope.value.type === "auth" ? tokenIn(envelope.value.data) : undefined;
    const id = envelope.ok ? envelope.value.id : envelope.fault.id;
    if (token === undefined) return this.#refuse(id, { name: "no_credential", reason: "no_credential" });
    // It was let in while the door was open.
    const { shut } = entrance();
    if (shut !== undefined) return this.#refuse(id, shut);
    const identity = entrance().door.judgeToken(token, clock.now());
    if (!identity.ok) return this.#refuse(id, { name: "invalid_token", reason: identity.fault });
    const request = { ...this.#request, identity: identity.value };
    if (!this.#options.asksForApproval) return this.#admit(id, request);
    return this.#admitWhenApproved(id, request);
  }

  /** Only binary messages come here; the envelope is text. */
  message(): void {
    this.#refuse(undefined, { name: "no_credential", reason: "no_credential" });
  }

  closed(status: CloseStatus): void {
    this.#status = status;
    this.#abandoned.abort();
    this.#done(this);
  }

  /** The time is up. */
  late(): void {
    this.#connection.close(CLOSE.deadline.code, "No token in time");
    const refused = { name: "no_credential", reason: "auth_timeout" } as const;
    this.#options.entrance().decided("upgrade", this.#request, refused);
  }

  async #admitWhenApproved(id: string | undefined, request: AcceptedRequest): Promise<void> {
    // The token has come in time; the application has a deadline of its own.
    this.#done(this);
    const refused = await this.#options.entrance().approvals.ask(request, this.#abandoned);
    if (refused === undefined) this.#admit(id, request);
    else this.#refuse(id, refused, request);
  }

  /** Nothing in here may await: between the last check and the session, nothing can change. */
  #admit(id: string | undefined, asked: AcceptedRequest): undefined {
    if (!this.#connection.open) return;
    const entrance = this.#options.entrance();
    const checked = entrance.lastCheck(asked);
    if (!checked.ok) return this.#refuse(id, checked.fault, asked);
    this.#done(this);
    entrance.decided("upgrade", checked.value);
    const events = this.#options.admitted(this.#connection, checked.value);
    // The `hello`, or the application, may have closed the connection while the peer's Close frame waited behind its token: that was told
    // to this object, and not to the session.
    if (this.#status !== undefined) return void events.closed?.(this.#status, this.#connection);
    this.#connection.authenticated(events);
    this.#connection.send(encodeOk(id, undefined));
  }

  /** Says no, once, and no finer than a refusal before the upgrade would have been. */
  #refuse(id: string | undefined, refused: Refusal, asked: AcceptedRequest = this.#request): undefined {
    if (!this.#connection.open) return;
    this.#done(this);
    const { title, explainedAs }: RefusalRow = REFUSALS[refused.name];
    this.#connection.send(encodeError(id, { code: DENIAL_OF_REFUSAL[refused.name], message: `${title}.` }));
    this.#connection.close(CLOSE[explainedAs ?? CLOSE_OF_REFUSAL[refused.name] ?? "tryLater"].code, title);
    this.#options.entrance().decided("upgrade", asked, refused);
  }
}

/** What a first message is answered: the codes of a denial are a closed set, also before there is a session. */
const DENIAL_OF_REFUSAL: Readonly<Record<RefusalName, DenialCode>> = {
  malformed: "malformed",
  two_carriers: "malformed",
  no_credential: "forbidden",
  invalid_token: "invalid_data",
  not_allowed: "forbidden",
  origin: "forbidden",
  not_found: "forbidden",
  method: "malformed",
  version: "malformed",
  too_many: "rate_limited",
  too_many_fields: "malformed",
  server_fault: "internal",
  busy: "rate_limited",
};

/** How the connection is closed after that, where it is not for reasons of identity. */
const CLOSE_OF_REFUSAL: Readonly<Partial<Record<RefusalName, keyof typeof CLOSE>>> = {
  server_fault: "serverFault",
};
