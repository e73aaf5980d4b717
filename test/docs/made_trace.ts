/**
 * The blocks of docs/trace.md: one whole session, byte by byte, from a real gate on a real socket.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { DECISION_STEPS, type DecisionTrace, MESSAGE_STEPS, type MessageTrace } from "../../src/mod.ts";
import type { TraceEvent } from "../../src/io/trace.ts";
import { acceptFor } from "../../src/protocol/handshake.ts";
import { KEY } from "../support/raw_http.ts";
import { digitsOf, frameRows, headRows, inspect } from "./hex_rows.ts";
import type { Span } from "./recorder.ts";
import { type RecordedTrace, recordTrace, spansOf } from "./traced_session.ts";

/** RFC 6455 §1.3. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** What each line of the request is. */
const REQUEST_NOTES: Readonly<Record<string, string>> = {
  "GET": "the request line",
  "Host": "for which host",
  "Upgrade": "asks to switch protocols",
  "Connection": "on this very connection",
  "Sec-WebSocket-Key": "16 bytes, in base64",
  "Sec-WebSocket-Version": "RFC 6455 is version 13",
  "Sec-WebSocket-Protocol": "offers a subprotocol",
  "Authorization": "the credential",
  "\r\n": "the end of the head",
};

/** What each line of the answer is. */
const ANSWER_NOTES: Readonly<Record<string, string>> = {
  "HTTP": "the status line",
  "Upgrade": "what it switches to",
  "Connection": "on this very connection",
  "Sec-WebSocket-Accept": "the proof",
  "Sec-WebSocket-Protocol": "the one that was chosen",
  "\r\n": "frames from here on",
};

/**
 * Runs a session and makes the blocks of it.
 *
 * @returns By its name, each as Markdown; the same text each time, on each runtime.
 */
export async function traceParts(): Promise<Record<string, string>> {
  const trace = await recordTrace();
  const { request, answer, hello, message, denial, ping, heartbeat, close, told } = trace;
  const [said, denied] = told.filter((event): event is MessageTrace => event.kind === "message");
  return {
    request: fence(headRows(request, REQUEST_NOTES)),
    token: fence(tokenLines(trace)),
    decision: fence(decisionLines(told)),
    accept: fence(acceptLines()),
    answer: fence(headRows(answer, ANSWER_NOTES)),
    hello: fence(frameRows(hello)),
    message: fence(framesRows(message.slice(0, 1))),
    mask: fence(maskLines(message[0])),
    steps: fence(messageLines(said)),
    reply: fence(framesRows(message.slice(1))),
    denial: fence(framesRows(denial)),
    refusal: fence(messageLines(denied)),
    ping: fence(framesRows(ping)),
    heartbeat: fence(`after ${trace.quietMs / 1_000} seconds of silence\n\n${framesRows(heartbeat)}`),
    close: fence(framesRows(close)),
    end: fence(endLines(trace)),
  };
}

function fence(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

function framesRows(spans: readonly Span[]): string {
  return spans.map(frameRows).join("\n\n");
}

function tokenLines({ token }: RecordedTrace): string {
  const [header = "", payload = "", mac = ""] = token.split(".");
  const text = (segment: string) => Buffer.from(segment, "base64url").toString();
  const digits = digitsOf(Buffer.from(mac, "base64url"));
  return [
    `header     ${text(header)}`,
    `claims     ${text(payload)}`,
    `signature  ${digits.slice(0, 47)}`,
    `           ${digits.slice(48)}`,
  ].join("\n");
}

function decisionLines(told: readonly TraceEvent[]): string {
  const event = told.find((event): event is DecisionTrace => event.kind === "decision");
  const { steps = [], outcome, subject, carrier } = event?.decision ?? {};
  const lines = steps.map(({ step, outcome }) => stepLine(step, DECISION_STEPS[step].asks, outcome));
  return [...lines, `${outcome}: ${subject}, by ${carrier}`].join("\n");
}

function messageLines(event: MessageTrace | undefined): string {
  const { type, roles = [], allowed = [], steps = [], outcome } = event ?? {};
  const lines = steps.map(({ step, outcome }) => stepLine(step, MESSAGE_STEPS[step].asks, outcome));
  return [
    `${type}: the session is ${roles.join(", ")}; the row allows ${allowed.join(", ")}`,
    ...lines,
    `answered: ${outcome}`,
  ].join("\n");
}

function stepLine(step: string, asks: string, outcome: "passed" | "failed"): string {
  return `${step.padEnd(12)} ${asks.padEnd(58)} ${outcome}`;
}

function acceptLines(): string {
  const sum = createHash("sha1").update(KEY + GUID).digest();
  if (sum.toString("base64") !== acceptFor(KEY)) throw new Error("The GUID is another.");
  return [
    `Sec-WebSocket-Key     ${KEY}`,
    `the GUID of §1.3      ${GUID}`,
    `one behind the other  ${KEY + GUID}`,
    `SHA-1 of that         ${digitsOf(sum)}`,
    `the same in base64    ${sum.toString("base64")}`,
  ].join("\n");
}

/** The first bytes of a payload, unmasked by hand (§5.3). */
function maskLines(span: Span | undefined): string {
  if (span === undefined) throw new Error("There is no message.");
  const { maskingKey = Buffer.alloc(4), wirePayload, payload } = inspect(span);
  const count = 9;
  const keys = Uint8Array.from({ length: count }, (_, index) => maskingKey[index % 4] ?? 0);
  return [
    `octet         ${Array.from({ length: count }, (_, index) => String(index).padStart(2)).join(" ")}`,
    `on the wire   ${digitsOf(wirePayload.subarray(0, count))}`,
    `key, again    ${digitsOf(keys)}`,
    `XOR           ${digitsOf(payload.subarray(0, count))}`,
    `as text       ${
      Array.from(payload.subarray(0, count), (byte) => ` ${String.fromCharCode(byte)}`).join(" ")
    }`,
  ].join("\n");
}

function endLines(trace: RecordedTrace): string {
  const { end, told } = trace;
  const sentBy = (from: Span["from"]) =>
    spansOf(trace).filter((span) => span.from === from).reduce((sum, { bytes }) => sum + bytes.length, 0);
  const lines = told.flatMap((event) => {
    if (event.kind === "lease" && event.change === "ended") {
      return [`the gate told    lease ended: ${event.reason}`];
    }
    if (event.kind !== "end") return [];
    const { code, reason, by } = event.status;
    return [`the gate told    end: ${code}, "${reason}", by the ${by}`];
  });
  return [
    ...lines,
    ...end,
    `the client sent ${sentBy("client")} bytes, the server ${sentBy("server")}`,
  ].join("\n");
}
