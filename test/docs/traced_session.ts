/**
 * One whole session with a gate, over real TCP, in which every byte is the same each time: the clock stands, the key of the token, the
 * `Sec-WebSocket-Key` and the masking keys are given. What the system draws all the same, the id of the session, is replaced afterwards.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { setImmediate } from "node:timers/promises";
import { LIMITS } from "../../src/base/limits.ts";
import { definePermissions } from "../../src/auth/permission.ts";
import { signToken } from "../../src/auth/token.ts";
import type { TraceEvent } from "../../src/io/trace.ts";
import { upgradeFields } from "../../src/protocol/client_handshake.ts";
import { encodeClosePayload } from "../../src/protocol/close.ts";
import { OPCODE } from "../../src/protocol/frame.ts";
import { hostGate } from "../support/gate_host.ts";
import { KEY, RawClient } from "../support/raw_http.ts";
import { closed, TEST_KEY } from "../support/server.ts";
import { Recorder, type Span } from "./recorder.ts";

/** What a session was, in its order. */
export interface RecordedTrace {
  readonly token: string;
  readonly request: Span;
  readonly answer: Span;
  readonly hello: Span;
  readonly message: readonly Span[];
  readonly denial: readonly Span[];
  readonly ping: readonly Span[];
  /** For how long nobody had said anything when the server asked, in milliseconds. */
  readonly quietMs: number;
  readonly heartbeat: readonly Span[];
  readonly close: readonly Span[];
  /** How TCP ended, a line for each thing in its order. */
  readonly end: readonly string[];
  /** What the gate told its observer. */
  readonly told: readonly TraceEvent[];
}

/** All bytes of both directions, in their order. */
export function spansOf(trace: Omit<RecordedTrace, "end" | "told" | "token" | "quietMs">): readonly Span[] {
  const { request, answer, hello, message, denial, ping, heartbeat, close } = trace;
  return [request, answer, hello, ...message, ...denial, ...ping, ...heartbeat, ...close];
}

/** Stands where a random id was: as long, and of the same alphabet. */
const SESSION_ID = "the-id-of-this-session";

interface Said {
  readonly from: string;
  readonly text: string;
}

interface Receive {
  "chat.say": string;
  "user.kick": string;
}

interface Send {
  "chat.said": Said;
}

type Role = "guest" | "member" | "admin";

const isText = (value: unknown): value is string => typeof value === "string";

const TABLE = definePermissions<Role, Receive, Send>({
  roles: ["guest", "member", "admin"],
  receive: {
    "chat.say": { roles: ["member", "admin"], data: isText },
    "user.kick": { roles: ["admin"], data: isText },
  },
  send: {
    "chat.said": { roles: ["guest", "member", "admin"], data: (value): value is Said => value !== undefined },
  },
});

/** Runs the session. */
export async function recordTrace(): Promise<RecordedTrace> {
  const told: TraceEvent[] = [];
  const host = await hostGate<Role, Receive, Send>({
    audience: "chat",
    path: "/ws",
    permissions: TABLE,
    handlers: {
      "chat.say": (text, { session, groups }) =>
        groups.send("everyone", "chat.said", { from: session.subject, text }),
      "user.kick": (subject, { groups }) => groups.close({ subject }, 3003, "Removed"),
    },
    trace: { tell: (event) => void told.push(event) },
  });
  try {
    const client = await RawClient.open(host.port, "127.0.0.1", true);
    try {
      return await converse(client, host, told);
    } finally {
      client.socket.destroy();
    }
  } finally {
    await host.stop();
  }
}

type Host = Awaited<ReturnType<typeof hostGate<Role, Receive, Send>>>;

async function converse(client: RawClient, host: Host, told: readonly TraceEvent[]): Promise<RecordedTrace> {
  const recorder = new Recorder(client);
  const now = host.clock.now() / 1_000;
  const token = signToken({ sub: "ada", aud: "chat", roles: ["member"], iat: now, exp: now + 600 }, TEST_KEY);
  const request = recorder.send(requestWith(token));
  const answer = await recorder.response();
  const hello = withFixedId(await recorder.frame());

  const say = recorder.sendMessage({ type: "chat.say", id: "1", data: "hello" });
  const message = [say, await recorder.frame(), await recorder.frame()];
  const kick = recorder.sendMessage({ type: "user.kick", id: "2", data: "bob" });
  const denial = [kick, await recorder.frame()];

  const asks = recorder.sendFrame(OPCODE.ping, Buffer.from("still there?"));
  const ping = [asks, await recorder.frame()];
  const quietMs = await untilAsked(host, told);
  const heartbeat = [await recorder.frame(), recorder.sendFrame(OPCODE.pong, Buffer.alloc(0))];

  const end: string[] = [];
  const fin = new Promise<void>((resolve) => client.socket.once("end", () => resolve()));
  const bye = recorder.sendFrame(OPCODE.close, encodeClosePayload(1000, "done"));
  const close = [bye, await recorder.frame()];
  await fin;
  end.push("server → client  FIN: the server sends no more");
  client.end();
  end.push("client → server  FIN: nor does the client");
  await Promise.all([closed(host.sockets[0]), client.finished]);
  recorder.checkComplete();
  end.push("both             the sockets are closed, and their descriptors free");
  return { token, request, answer, hello, message, denial, ping, quietMs, heartbeat, close, end, told };
}

function requestWith(token: string): Buffer {
  const fields = upgradeFields(KEY, { subprotocols: ["portcullis.v1"], deflate: undefined });
  const lines = [["Host", "chat.example"], ...fields, ["Authorization", `Bearer ${token}`]];
  const head = ["GET /ws HTTP/1.1", ...lines.map(([name, value]) => `${name}: ${value}`), "", ""];
  return Buffer.from(head.join("\r\n"), "latin1");
}

/** Moves the clock on until the server asks whether the client is still there. */
async function untilAsked({ clock }: Host, told: readonly TraceEvent[]): Promise<number> {
  const from = clock.now();
  const before = told.length;
  const asks = (event: TraceEvent) => event.kind === "frame" && event.frame.opcode === OPCODE.ping;
  // What is written leaves at the end of the turn.
  for (; !told.slice(before).some(asks); await setImmediate()) {
    if (clock.now() - from > 2 * LIMITS.heartbeatMs.default) throw new Error("The server does not ask.");
    clock.advance(1_000);
  }
  return clock.now() - from;
}

function withFixedId({ bytes, ...span }: Span): Span {
  const text = bytes.toString("latin1");
  return {
    ...span,
    bytes: Buffer.from(text.replace(/(?<="sessionId":")[\w-]{22}(?=")/, SESSION_ID), "latin1"),
  };
}
