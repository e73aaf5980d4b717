/**
 * Any gate on a server of its own, with everything written down that it tells anybody.
 *
 * @module
 */

import type { Decision } from "../../src/io/decision.ts";
import { Gate } from "../../src/io/gate.ts";
import type { GateOptions } from "../../src/io/gate_options.ts";
import type { AuditEvent } from "../../src/session/audit.ts";
import { bearer } from "./minted.ts";
import type { Told } from "./conversation.ts";
import { handshake, type HandshakeShape, RawClient, type RawResponse } from "./raw_http.ts";
import { AUDIENCE, startServer, TEST_KEY, type TestServer } from "./server.ts";

/** A client that has been let in. */
export interface Entered {
  readonly client: RawClient;
  /** The `data` of the first message. */
  readonly hello: Told;
}

/** A gate, and all that it wrote down. */
export interface GateHost<Role extends string, Receive extends object, Send extends object, Data = unknown>
  extends TestServer {
  readonly gate: Gate<Role, Receive, Send, Data>;
  readonly audit: AuditEvent[];
  readonly decisions: Decision[];
  readonly errors: unknown[];
  /** Sends a handshake, and reads the head of the answer. */
  knock(shape?: HandshakeShape): Promise<{ readonly client: RawClient; readonly answer: RawResponse }>;
  /** Passes the door and reads the `hello`; by default with a token in `Authorization`. */
  enter(by: string | HandshakeShape): Promise<Entered>;
}

/** What a gate in a test is told; keys, audience and clock are there already. */
export type HostedOptions<Role extends string, Receive extends object, Send extends object, Data = unknown> =
  & Partial<GateOptions<Role, Receive, Send, Data>>
  & Pick<GateOptions<Role, Receive, Send, Data>, "permissions" | "handlers">;

/** Starts a gate. */
export async function hostGate<
  Role extends string,
  Receive extends object,
  Send extends object,
  Data = unknown,
>(options: HostedOptions<Role, Receive, Send, Data>): Promise<GateHost<Role, Receive, Send, Data>> {
  const base = await startServer();
  const audit: AuditEvent[] = [];
  const decisions: Decision[] = [];
  const errors: unknown[] = [];
  const gate = new Gate<Role, Receive, Send, Data>({
    keys: [TEST_KEY],
    audience: AUDIENCE,
    clock: base.clock,
    audit: (event: AuditEvent) => void audit.push(event),
    reportError: (error: unknown) => void errors.push(error),
    ...options,
    decided: (decision: Decision) => {
      decisions.push(decision);
      options.decided?.(decision);
    },
  } as GateOptions<Role, Receive, Send, Data>);
  gate.attach(base.server);
  const knock = async (shape: HandshakeShape = {}) => {
    const client = await RawClient.open(base.port);
    client.write(handshake(shape));
    return { client, answer: await client.response() };
  };
  const enter = async (by: string | HandshakeShape) => {
    const { client, answer } = await knock(typeof by === "string" ? { fields: bearer(by) } : by);
    if (answer.status !== 101) throw new Error(answer.line);
    const { type, data } = await client.json();
    if (type !== "hello") throw new Error(`The first message is a ${String(type)}.`);
    return { client, hello: data as Told };
  };
  return { ...base, gate, audit, decisions, errors, knock, enter };
}
