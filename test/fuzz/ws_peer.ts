/**
 * What npm `ws` makes of the same bytes: another implementation of the same rules, asked for its verdict.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { DeflateParameters } from "../../src/protocol/deflate_negotiation.ts";
import { FRAME_RULES, type FrameRuleName } from "../../src/protocol/rules.ts";
import { describeMessage } from "../support/frames_endpoint.ts";
import type { StreamCase } from "./stream_case.ts";
import type { Observed } from "./stream_properties.ts";

/** What an implementation makes of a stream, in terms that are common to both. */
export interface Verdict {
  readonly messages: readonly string[];
  readonly pings: readonly string[];
  readonly pongs: readonly string[];
  /** `open`, `close <code> <reason>` or `fault <code>`. */
  readonly end: string;
  /** The rule, when it is ours that says so. */
  readonly rule?: FrameRuleName;
}

/** The part of `ws` that is used here; the package brings no types. */
export interface Ws {
  readonly Receiver: new (options: object) => WsReceiver;
  readonly PerMessageDeflate: new (options: object) => { accept(offers: object[]): void; cleanup(): void };
  readonly extension: {
    parse(value: string): Readonly<Record<string, readonly object[]>>;
  };
  readonly subprotocol: { parse(value: string): ReadonlySet<string> };
}

interface WsReceiver {
  on(event: "message", listener: (data: Buffer, binary: boolean) => void): void;
  on(event: "ping" | "pong", listener: (data: Buffer) => void): void;
  on(event: "conclude", listener: (code: number, reason: Buffer) => void): void;
  /** As of every `Writable`; called directly, it answers within the call. */
  _write(chunk: Buffer, encoding: string, done: (error?: Error | null) => void): void;
}

/** Loads `ws`, when the package of this folder has been installed. */
export async function loadWs(): Promise<Ws | undefined> {
  const name = "ws"; // In a variable: the package is the fuzzer's, and is not there when types are checked.
  return await import(name).then((module: Ws) => module, () => undefined);
}

/** Asks `ws`, with our limit on bytes and none on the number of fragments. */
export async function verdictOfWs(
  ws: Ws,
  { role, limits, agreed, bytes }: StreamCase,
): Promise<Verdict> {
  const verdict = { messages: [] as string[], pings: [] as string[], pongs: [] as string[], end: "open" };
  const options = { isServer: role === "server", maxPayload: limits.maxMessageBytes };
  const deflate = agreed === undefined ? undefined : new ws.PerMessageDeflate(options);
  if (agreed !== undefined) deflate?.accept([parametersOf(agreed)]);
  const extensions = deflate === undefined ? {} : { "permessage-deflate": deflate };
  const receiver = new ws.Receiver({ ...options, extensions });
  receiver.on("message", (data, binary) => {
    verdict.messages.push(describeMessage(data, binary ? "binary" : "text"));
  });
  receiver.on("ping", (data) => verdict.pings.push(data.toString("hex")));
  receiver.on("pong", (data) => verdict.pongs.push(data.toString("hex")));
  receiver.on("conclude", (code, reason) => verdict.end = `close ${code} ${reason}`.trimEnd());
  const error = await new Promise<Error | null | undefined>((done) =>
    receiver._write(Buffer.from(bytes), "buffer", done)
  );
  if (error) verdict.end = `fault ${statusOf(error)}`;
  deflate?.cleanup();
  return verdict;
}

/** As `ws` reads them from the header: each value in a list. */
function parametersOf(agreed: DeflateParameters): object {
  return {
    ...(agreed.serverNoContextTakeover ? { server_no_context_takeover: [true] } : {}),
    ...(agreed.clientNoContextTakeover ? { client_no_context_takeover: [true] } : {}),
    server_max_window_bits: [agreed.serverMaxWindowBits],
    client_max_window_bits: [agreed.clientMaxWindowBits],
  };
}

/** `ws` keeps the status code of an error under a symbol. */
function statusOf(error: Error): unknown {
  const [symbol] = Object.getOwnPropertySymbols(error);
  return symbol === undefined ? error.message : Reflect.get(error, symbol);
}

/** Puts what our protocol came to into the same terms. */
export function verdictOfOurs({ events, sent }: Observed): Verdict {
  const last = /^closed (\d+) by (\w+) ?(.*)$/s.exec(events.at(-1) ?? "");
  const [, code, by, words = ""] = last ?? [];
  const rule = words.split(" ")[0] as FrameRuleName;
  const failed = by === "local" && rule in FRAME_RULES;
  return {
    messages: events.filter((event) => /^(?:text|binary)\b/.test(event)),
    pings: payloadsOf(sent),
    pongs: payloadsOf(events),
    end: code === undefined ? "open" : failed ? `fault ${code}` : `close ${code} ${words}`.trimEnd(),
    ...(failed ? { rule } : {}),
  };
}

function payloadsOf(lines: readonly string[]): string[] {
  return lines.filter((line) => line.startsWith("pong")).map((line) => line.slice(5));
}
