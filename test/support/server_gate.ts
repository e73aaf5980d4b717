/**
 * A gate on a server of its own, with a small table that has something of everything.
 *
 * @module
 */

import { definePermissions } from "../../src/auth/permission.ts";
import { createGate } from "../../src/io/create_gate.ts";
import type { Gate } from "../../src/io/gate.ts";
import type { GateOptions } from "../../src/io/gate_options.ts";
import { CLOSE } from "../../src/protocol/close_codes.ts";
import type { AuditEvent } from "../../src/session/audit.ts";
import type { HandlerContext } from "../../src/session/handler.ts";
import { handshake, RawClient } from "./raw_http.ts";
import { text } from "./raw_http_frames.ts";
import { AUDIENCE, signal, startServer, TEST_KEY, type TestServer, tokenFor } from "./server.ts";

/** The roles of the table. */
export type Role = "guest" | "member" | "admin";
/** What clients send. */
export interface Receive {
  say: string;
  kick: string;
  announce: string;
  wait: unknown;
  fail: unknown;
}
/** What the server sends. */
export interface Send {
  said: string;
  announced: string;
}

const isText = (value: unknown): value is string => typeof value === "string";
const isAnything = (_value: unknown): _value is unknown => true;

const permissions = definePermissions<Role, Receive, Send>({
  roles: ["guest", "member", "admin"],
  receive: {
    say: { roles: ["member", "admin"], data: isText, rate: { perSecond: 1, burst: 3 } },
    kick: { roles: ["admin"], data: isText },
    announce: { roles: ["admin"], data: isText },
    wait: { roles: ["member"], data: isAnything },
    fail: { roles: ["member"], data: isAnything },
  },
  send: {
    said: { roles: ["guest", "member", "admin"], data: isText },
    announced: { roles: ["admin"], data: isText },
  },
});

/** A gate and all that it wrote down. */
export interface TestGate extends TestServer {
  readonly gate: Gate<Role, Receive, Send>;
  readonly audit: AuditEvent[];
  readonly errors: unknown[];
  /** What `wait` waits for. */
  readonly work: { readonly promise: Promise<void>; readonly resolve: () => void };
  /** Enters with a token, and reads the `hello`. */
  enter(sub: string, roles: readonly Role[], lifetimeMs?: number): Promise<RawClient>;
}

/** Starts a gate. */
export async function startGate(
  options: Partial<GateOptions<Role, Receive, Send>> = {},
): Promise<TestGate> {
  const base = await startServer();
  const audit: AuditEvent[] = [];
  const errors: unknown[] = [];
  const work = signal();
  type Context = HandlerContext<Role, Send>;
  const gate = createGate({
    keys: [TEST_KEY],
    audience: AUDIENCE,
    clock: base.clock,
    permissions,
    audit: (event: AuditEvent) => void audit.push(event),
    reportError: (error: unknown) => void errors.push(error),
    ...options,
    handlers: {
      say: (message: string, { groups }: Context) => groups.send("everyone", "said", message),
      kick: (subject: string, { groups }: Context) =>
        groups.close({ subject }, CLOSE.forbidden.code, "Removed"),
      announce: (message: string, { groups }: Context) => groups.send("everyone", "announced", message),
      wait: () => work.promise,
      fail: () => {
        throw new Error("the password is hunter2");
      },
    },
  });
  gate.attach(base.server);
  const enter = async (sub: string, roles: readonly Role[], lifetimeMs = 60_000) => {
    const client = await RawClient.open(base.port);
    const token = tokenFor(sub, roles, base.clock.now() + lifetimeMs);
    client.write(handshake({ fields: { Authorization: `Bearer ${token}` } }));
    const { line, status } = await client.response();
    if (status !== 101) throw new Error(line);
    const hello = await client.json();
    if (hello["type"] !== "hello") throw new Error(JSON.stringify(hello));
    return client;
  };
  return { ...base, gate, audit, errors, work, enter };
}

/** Makes a client's envelope, in a frame. */
export function envelope(type: string, id?: string, data?: unknown): Uint8Array {
  return text(JSON.stringify({ type, id, data }));
}
