/**
 * A gate with everything that the simulation knows of it: its clients, what it was told, and what must be so.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Limits } from "../../src/base/limits.ts";
import { Gate } from "../../src/io/gate.ts";
import type { HandlerContext } from "../../src/session/handler.ts";
import type { Session } from "../../src/session/session.ts";
import type { SessionEnd } from "../../src/session/session_end.ts";
import { Draw } from "../fuzz/draw.ts";
import { Deliveries } from "./deliveries.ts";
import { AUDIENCE, Issuer } from "./issuer.ts";
import { Model, type ModelToken } from "./model.ts";
import { SimClient } from "./sim_client.ts";
import { SimClock } from "./sim_clock.ts";
import { SimSocket } from "./sim_socket.ts";
import { MAY_SEND, type Receive, type Role, type Said, type Send, TABLE } from "./table.ts";

/** Small enough to be reached. */
export const LIMITS: Partial<Limits> = {
  maxSessions: 220,
  maxSessionsPerSubject: 6,
  maxConnectionsPerAddress: 12,
  maxPendingHandshakes: 100,
  maxQueuedBytes: 800_000,
  maxRoomsPerSession: 3,
  maxEnvelopeBytes: 2_000,
  handlerTimeoutMs: 5_000,
  maxRateDenials: 30,
};

const THROWN = "thrown on purpose";

/** All of it. */
export class World {
  readonly clock = new SimClock();
  readonly model = new Model();
  readonly draw: Draw;
  readonly gate: Gate<Role, Receive, Send, SimClient>;
  readonly issuer: Issuer;
  readonly deliveries: Deliveries = new Deliveries(this);
  readonly clients: SimClient[] = [];
  /** The sessions by what the gate has told: begun, and not ended. */
  readonly open = new Map<
    string,
    { readonly session: Session<Role, SimClient>; readonly client: SimClient }
  >();
  /** What happened, a line each. No random id is in it: the same seed writes the same lines. */
  readonly trace: string[] = [];
  /** What must not be, and was. */
  readonly violations: string[] = [];
  readonly #asksForApproval: boolean;

  /** @param seed Decides everything. */
  constructor(seed: number) {
    const draw = this.draw = new Draw(seed);
    this.issuer = new Issuer(this.model, this.clock, draw);
    this.#asksForApproval = draw.chance(0.5);
    const policy = draw.pick(["refuse", "replace-oldest"] as const);
    const approve = () => this.#approve();
    this.gate = new Gate<Role, Receive, Send, SimClient>({
      keys: this.issuer.ring,
      audience: AUDIENCE,
      permissions: TABLE,
      clock: this.clock,
      random: () => draw.below(1_000) / 1_000,
      limits: LIMITS,
      whenSubjectIsFull: policy,
      handlers: {
        look: (said, context) => this.#handle("look", said, context),
        say: (said, context) => this.#handle("say", said, context),
        rule: (said, context) => this.#handle("rule", said, context),
        join: (said, context) => this.#handle("join", said, context),
        leave: (said, context) => this.#handle("leave", said, context),
      },
      sessionData: ({ offer }) => this.clients[Number(offer.fields.get("x-client")?.[0])] as SimClient,
      opened: (session) => this.#opened(session),
      closed: (session, _groups, end) => this.#closed(session, end),
      audit: ({ event, sessionId }) => {
        if (event === "session_renewed") this.#renewed(sessionId);
      },
      reportError: (error) => this.#reported(error),
      ...(this.#asksForApproval ? { approve } : {}),
    });
  }

  /** Writes down what happens. */
  log(line: string): void {
    this.trace.push(`${this.clock.now() - 1_800_000_000_000} ${line}`);
  }

  /** Writes down what must not be. */
  broken(what: string): void {
    this.log(`BROKEN ${what}`);
    this.violations.push(what);
  }

  /** A client knocks. */
  connect(token: ModelToken): SimClient {
    const index = this.clients.length;
    const client = new SimClient(`client ${index}`, token, {
      answered: (whose, status) => this.#answered(whose, status),
      told: (whose, type, data) => this.deliveries.told(whose, type, data),
      broken: (what) => this.broken(what),
    });
    this.clients.push(client);
    const socket = new SimSocket(`10.0.0.${this.draw.below(24)}`, this.clock, this.draw, client);
    client.socket = socket;
    const rawHeaders = [
      ...[
        "Host",
        "simulation",
        "Upgrade",
        "websocket",
        "Connection",
        "Upgrade",
        "Sec-WebSocket-Version",
        "13",
      ],
      ...["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "Authorization", `Bearer ${token.jwt}`],
      ...["X-Client", String(index)],
    ];
    const request = { method: "GET", httpVersion: "1.1", url: "/", rawHeaders };
    this.gate.handleUpgrade(request, socket, EMPTY);
    return client;
  }

  /** Whether a client's lease is good, and one of its roles among these. */
  may(client: SimClient, roles: readonly Role[]): boolean {
    const { token } = client;
    if (this.model.faultOf(token, this.clock.now()) !== undefined) return false;
    return this.model.rolesOf(token).some((role) => roles.includes(role));
  }

  #approve(): boolean | Promise<boolean> {
    const approves = !this.draw.chance(0.1);
    if (this.draw.chance(0.5)) return approves;
    return new Promise((resolve, reject) => {
      const answer = this.draw.chance(0.1) ? () => reject(new Error(THROWN)) : () => resolve(approves);
      this.clock.after(this.draw.pick([5, 50, 500, 20_000]), answer);
    });
  }

  #handle(
    type: keyof Receive,
    { n, then, room = "" }: Said,
    { session, groups, signal }: HandlerContext<Role, Send, SimClient>,
  ): unknown {
    const { data: client } = session;
    this.log(`${client.name} handled ${type} ${n}`);
    if (!this.open.has(session.id)) this.broken(`${type} of ${client.name} is handled without a session`);
    if (!this.may(client, MAY_SEND[type])) {
      this.broken(`${type} of ${client.name} is handled without a permitted lease`);
    }
    if (type === "join" && groups.join(session, room)) client.rooms.add(room);
    if (type === "leave" && groups.leave(session, room)) client.rooms.delete(room);
    if (type === "say") this.deliveries.send({ room: "room-0" }, "said", 0);
    if (then === "throws") throw new Error(THROWN);
    if (then === "rejects") return Promise.reject(new Error(THROWN));
    if (then === undefined) return n;
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => this.draw.chance(0.5) && reject(signal.reason));
      if (then === "later") this.clock.after(this.draw.pick([1, 30, 900]), () => resolve(n));
    });
  }

  #opened(session: Session<Role, SimClient>): void {
    const { data: client } = session;
    client.sessionId = session.id;
    this.log(`${client.name} is in as ${session.subject}`);
    const fault = this.model.faultOf(client.token, this.clock.now());
    if (fault !== undefined) this.broken(`${client.name} is let in, though its token is ${fault}`);
    if (this.model.draining) this.broken(`${client.name} is let in while the gate drains`);
    this.open.set(session.id, { session, client });
  }

  #closed({ id, data: client }: Session<Role, SimClient>, end: SessionEnd): void {
    this.log(`${client.name} is out: ${end}`);
    if (!this.open.delete(id)) this.broken(`${client.name} ends twice`);
    if (!this.#isExplained(client, end)) this.broken(`${client.name} ends as ${end} for no reason`);
  }

  /** Whether there is a reason for the end of a session in what has happened to its client. */
  #isExplained(client: SimClient, end: SessionEnd): boolean {
    const fault = this.model.faultOf(client.token, this.clock.now());
    if (end === "left") return client.faults.size > 0 || this.model.draining;
    if (end === "restart") return this.model.draining;
    if (end === "insistent") return client.faults.has("floods");
    if (end === "expired") return fault === "expired" || fault === "key";
    if (end === "key_withdrawn") return fault === "key";
    return end === "replaced" || (end === "revoked" && fault === "revoked");
  }

  #renewed(sessionId: string | undefined): void {
    const client = sessionId === undefined ? undefined : this.open.get(sessionId)?.client;
    if (client?.refreshing === undefined) return this.broken("A lease was renewed that nobody asked for");
    client.token = client.refreshing;
    const fault = this.model.faultOf(client.token, this.clock.now());
    if (fault !== undefined) this.broken(`${client.name} is renewed, though its token is ${fault}`);
  }

  #reported(error: unknown): void {
    const { message, code } = error as { readonly message?: string; readonly code?: string };
    if (message !== THROWN && code !== "handler_timeout") this.broken(`reported: ${String(error)}`);
  }

  #answered(client: SimClient, status: number): void {
    this.log(`${client.name} is answered ${status}`);
    if (status === 101) return;
    const isGood = this.model.faultOf(client.token, this.clock.now()) === undefined;
    const mayBe = isGood
      ? [429, 503, ...(this.#asksForApproval ? [403, 500] : [])]
      : [401, 429, 503, 403, 500];
    if (!mayBe.includes(status)) {
      this.broken(
        `${client.name} is answered ${status}, though its token is ${isGood ? "good" : "not good"}`,
      );
    }
  }
}

const EMPTY = Buffer.alloc(0);
