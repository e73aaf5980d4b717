/**
 * One connection under observation: both directions are copied and taken apart, beside what the connection itself does with them.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { LIMITS } from "../base/limits.ts";
import { callGuarded } from "../base/promise.ts";
import type { CloseStatus } from "../protocol/close.ts";
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
  readonly #in: FrameInspector;
  readonly #out: FrameInspector;
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
      (frame) => this.#tell("out", frame),
    );
  }

  /** The head of a response is written in front of all frames. @param bytes Its length. */
  headWritten(bytes: number): void {
    this.#headBytes = bytes;
  }

  /** A chunk came. @param chunk Before anybody unmasks it; copied. */
  received(chunk: Uint8Array): void {
    this.#guard(() => this.#in.take(chunk));
  }

  /** Something was written. @param bytes Copied. */
  written(bytes: Uint8Array): void {
    const skipped = Math.min(this.#headBytes, bytes.length);
    this.#headBytes -= skipped;
    this.#guard(() => this.#out.take(bytes.subarray(skipped)));
  }

  /** Nothing more is read: a frame whose end has not come will have none. */
  readingEnded(): void {
    this.#guard(() => this.#in.end());
  }

  /** The last frame is written. @param status How the connection ended. */
  ended(status: CloseStatus): void {
    const { connection, now, tell } = this.#options;
    tell({ kind: "end", atMs: now(), connection, status });
  }

  #guard(observe: () => void): void {
    callGuarded(observe, this.#options.reportError);
  }

  #tell(direction: FrameTrace["direction"], frame: InspectedFrame): void {
    const { connection, now, queuedBytes, payloadBytes, tell } = this.#options;
    const isShown = payloadBytes > 0 && !mayHoldToken(frame);
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

/**
 * By the type of the message, in which JSON may be written in many ways; by the form of a JWS; and by the beginning of one that was cut. The
 * look back keeps a long word without a dot from being tried from each of its letters on.
 */
const TOKEN = /"auth(?:\.refresh)?"|\\u|(?<![\w-])[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}|eyJ[\w-]{8}/;

/** Whether a payload may be a token, or have one in it. A frame of control has no place for one. */
function mayHoldToken({ opcode, fin, rsv1, payload }: InspectedFrame): boolean {
  if (opcode !== OPCODE.text && opcode !== OPCODE.binary && opcode !== OPCODE.continuation) return false;
  if (!fin || rsv1 || opcode === OPCODE.continuation) return true;
  return TOKEN.test(payloadText(payload) ?? Buffer.from(payload).toString("latin1"));
}
