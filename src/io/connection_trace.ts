/**
 * One connection under observation: both directions are copied and taken apart, beside what the connection itself does with them.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { mayHoldSecret, mayHoldToken, seeText } from "../auth/seen_text.ts";
import { LIMITS } from "../base/limits.ts";
import { callGuarded } from "../base/promise.ts";
import { type CloseStatus, MAX_REASON_BYTES } from "../protocol/close.ts";
import type { DeflateParameters } from "../protocol/deflate_negotiation.ts";
import { OPCODE, type Side } from "../protocol/frame.ts";
import { FrameInspector } from "../protocol/frame_inspector.ts";
import { payloadText } from "../protocol/frame_text.ts";
import type { InspectedFrame } from "../protocol/inspected_frame.ts";
import type { MessageLimits } from "../protocol/message.ts";
import type { ConnectionTraceEvent, FrameTrace } from "./trace.ts";

/** What a connection is observed with. */
export interface ConnectionTraceOptions {
  /** Its number. */
  readonly connection: number;
  /** Which side this is. */
  readonly role: Side;
  /** What a message may cost this side; the other has its own. */
  readonly limits: MessageLimits;
  /** How messages are compressed, if they are. */
  readonly deflate: DeflateParameters | undefined;
  /** How many bytes of each payload are shown. */
  readonly payloadBytes: number;
  /** The time, in milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** How many bytes wait for the peer. */
  readonly queuedBytes: () => number;
  /** Must not throw. */
  readonly tell: (event: ConnectionTraceEvent) => void;
  /** Gets what goes wrong here: to observe a connection must never end it. */
  readonly reportError: (error: unknown) => void;
}

/** What the other side takes is not known here; what we send is not to be judged by our own limits. */
const WIDEST: MessageLimits = {
  maxMessageBytes: LIMITS.maxMessageBytes.max,
  maxDecompressedBytes: LIMITS.maxDecompressedBytes.max,
  maxFragments: LIMITS.maxFragments.max,
  maxEmptyFragments: LIMITS.maxEmptyFragments.max,
};

/** Observes one connection. */
export class ConnectionTrace {
  readonly #options: ConnectionTraceOptions;
  /** There for as long as the connection reads. */
  #in: FrameInspector | undefined;
  /** There until the end is told. */
  #out: FrameInspector | undefined;
  /** What is written first is the head of a response, and no frame. */
  #headBytes = 0;

  /** @param options What to work with. */
  constructor(options: ConnectionTraceOptions) {
    this.#options = options;
    const { role, limits, deflate, payloadBytes: keptBytes } = options;
    const other = role === "server" ? "client" : "server";
    this.#in = new FrameInspector(
      { from: other, limits, deflate, keptBytes },
      (frame) => this.#tell("in", frame),
    );
    this.#out = new FrameInspector(
      { from: role, limits: WIDEST, deflate, keptBytes },
      (frame) => this.#sent(frame),
    );
  }

  /** The head of a response is written in front of all frames. @param bytes Its length. */
  headWritten(bytes: number): void {
    this.#headBytes = bytes;
  }

  /** A chunk came. @param chunk Before anybody unmasks it; copied. */
  received(chunk: Uint8Array): void {
    this.#guard(() => this.#in?.take(chunk));
  }

  /** Something was written. @param bytes Copied. */
  written(bytes: Uint8Array): void {
    const skipped = Math.min(this.#headBytes, bytes.length);
    this.#headBytes -= skipped;
    this.#guard(() => this.#out?.take(bytes.subarray(skipped)));
  }

  /** Nothing more is read, whatever still comes. */
  readingEnded(): void {
    this.#guard(() => this.#in?.end());
    this.#in = undefined;
  }

  /** The last frame is written. @param status How the connection ended. */
  ended({ reason, ...status }: CloseStatus): void {
    this.#out = undefined;
    const { connection, now, tell } = this.#options;
    tell({
      kind: "end",
      atMs: now(),
      connection,
      status: { ...status, reason: seeText(reason, MAX_REASON_BYTES) },
    });
  }

  #sent(frame: InspectedFrame): void {
    if (frame.opcode === OPCODE.close) this.#in?.discardData();
    this.#tell("out", frame);
  }

  #guard(observe: () => void): void {
    callGuarded(observe, this.#options.reportError);
  }

  #tell(direction: FrameTrace["direction"], frame: InspectedFrame): void {
    // An observer may end the connection that he is told of: of the rest of the chunk, nothing is told any more.
    if (this.#out === undefined) return;
    const { connection, now, queuedBytes, payloadBytes, tell } = this.#options;
    const isShown = payloadBytes > 0 && !isSecret(frame);
    const shown = isShown ? frame : { ...frame, payload: NOTHING, wirePayload: NOTHING };
    tell({
      kind: "frame",
      atMs: now(),
      connection,
      direction,
      frame: shown,
      payload: isShown ? "shown" : "hidden",
      queuedBytes: queuedBytes(),
    });
  }
}

const NOTHING = new Uint8Array(0);

/** Whether a payload may be a token, or have one in it. */
function isSecret({ opcode, fin, rsv1, masked, payload, wirePayload }: InspectedFrame): boolean {
  const isMessage = opcode === OPCODE.text || opcode === OPCODE.binary;
  // What is no message has no place for a secret, but a client that makes mistakes may put one there.
  const mayHold = isMessage ? mayHoldToken : mayHoldSecret;
  if ((isMessage && (!fin || rsv1)) || opcode === OPCODE.continuation) return true;
  if (mayHold(payloadText(payload) ?? Buffer.from(payload).toString("latin1"))) return true;
  // Whoever sets MASK and forgets to mask has sent text. What was masked is hardly ever UTF-8, and means nothing.
  const onTheWire = masked ? payloadText(wirePayload) : undefined;
  return onTheWire !== undefined && mayHold(onTheWire);
}
