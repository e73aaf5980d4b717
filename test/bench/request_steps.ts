/**
 * What a request costs behind the socket, step by step: the same frame as in the row of the full gate.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { resolveLimits } from "../../src/base/limits.ts";
import { systemClock } from "../../src/io/system_clock.ts";
import { definePermissions } from "../../src/auth/permission.ts";
import { writeTextFrame } from "../../src/protocol/frame.ts";
import { MessageReader } from "../../src/protocol/message_reader.ts";
import { SendBuffer } from "../../src/protocol/send_buffer.ts";
import { Dispatcher, type DispatcherOptions } from "../../src/session/dispatch.ts";
import { encodeOk, parseEnvelope } from "../../src/session/envelope.ts";
import { NO_METER } from "../../src/session/meter.ts";
import { Session } from "../../src/session/session.ts";
import { maskedText } from "./loads/frames.ts";
import type { Contestant } from "./rounds.ts";
import { isPost, type Post, replyTo } from "./servers/application.ts";

const BATCH = 100;

const DATA = { room: "lobby", text: "Does anybody know when the bus leaves?" };

/** New strings each time, as what was looked up before is looked up faster. */
function texts(): string[] {
  return Array.from({ length: BATCH }, (_, n) => {
    const text = JSON.stringify({ type: "post.create", id: String(1_000 + n), data: DATA });
    return Buffer.from(text).toString("utf8");
  });
}

/** Each step alone, and all between the frame that came and the frame that goes. */
export function requestSteps(): Readonly<Record<string, Contestant<string>>> {
  const limits = resolveLimits();
  const out = new SendBuffer();
  const reply = encodeOk("1000", replyTo(DATA));
  const { dispatcher, session } = handling();
  const reader = new MessageReader({ role: "server", limits });
  const frames = Buffer.concat(texts().map(maskedText));
  return {
    "read a frame": {
      prepare: texts,
      work: ({ length }) => {
        reader.decoder.feed(Buffer.from(frames));
        let messages = 0;
        while (reader.decoder.next() === "part") {
          const { assembler, decoder } = reader;
          if (assembler.accept(decoder) !== "message") continue;
          assembler.bytes.toString("utf8", assembler.start, assembler.end);
          messages++;
        }
        if (messages !== length) throw new Error(`${messages} messages were read.`);
      },
    },
    "parse the envelope": {
      prepare: texts,
      work: (all) => {
        for (const text of all) if (!parseEnvelope(text, 64).ok) throw new Error("An envelope was refused.");
      },
    },
    "parse, authorize, handle, write the JSON of the reply": {
      prepare: texts,
      work: (all) => {
        for (const text of all) dispatcher.receive(session, text);
      },
    },
    "write the JSON of the reply": {
      prepare: texts,
      work: (all) => {
        for (const id of all) if (encodeOk(id.slice(28, 32), replyTo(DATA)).length < 10) throw new Error(id);
      },
    },
    "write the frame of the reply": {
      prepare: texts,
      work: (all) => {
        for (let n = 0; n < all.length; n++) writeTextFrame(out, reply, undefined);
        out.take();
      },
    },
  };
}

/** A dispatcher with one handler, and a session that may call it. */
function handling() {
  const roles = ["guest", "member"] as const;
  const nowMs = Date.now();
  const identity = {
    subject: "ada",
    roles: ["member"],
    expiresAtMs: nowMs + 3_600_000,
    tokenId: undefined,
    issuedAtMs: nowMs,
    keyId: undefined,
  };
  const sender = {
    send: () => true,
    sendShared: () => true,
    close: () => undefined,
    congested: false,
    waitsForHandler: false,
    queuedBytes: 0,
  };
  const session = new Session<"guest" | "member">(
    "a",
    identity,
    new Set(["member"]),
    sender,
    nowMs,
    undefined,
  );
  const options = {
    table: definePermissions<"guest" | "member", { "post.create": Post }, Record<string, never>>({
      roles,
      receive: { "post.create": { roles: ["member"], data: isPost } },
      send: {},
    }),
    handlers: { "post.create": replyTo },
    limits: resolveLimits({ maxMessagesPerSecond: 10_000_000 }),
    clock: systemClock,
    audit: () => undefined,
    meter: NO_METER,
    reportError: (error: unknown) => {
      throw error;
    },
    // No step of this request asks for any of these.
    groups: undefined as never,
    leases: undefined as never,
    lifecycle: undefined as never,
  } satisfies DispatcherOptions<"guest" | "member", { "post.create": Post }, Record<string, never>, unknown>;
  return { dispatcher: new Dispatcher(options), session };
}
