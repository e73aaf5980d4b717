/**
 * One side of a connection without a socket, which writes down what it is told and what it sends.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { Deflate } from "../../src/protocol/deflate.ts";
import type { DeflateParameters } from "../../src/protocol/deflate_negotiation.ts";
import { DEFLATE_DEFAULTS, type DeflateOptions } from "../../src/protocol/deflate_options.ts";
import type { MessageKind, Side } from "../../src/protocol/frame.ts";
import type { MessageLimits } from "../../src/protocol/message.ts";
import { Protocol } from "../../src/protocol/protocol.ts";
import type { Limits } from "../../src/base/limits.ts";
import { MASKING_KEY } from "./frames.ts";
import { describeFrame, parseFrames } from "./raw_http_frames.ts";

/** What one side takes. Time stands still here: all control frames come in the same second. */
export type EndpointLimits = MessageLimits & Pick<Limits, "maxControlFramesPerSecond">;

/** Limits that only a test of limits comes near. */
export const WIDE: EndpointLimits = {
  maxMessageBytes: 1_048_576,
  maxDecompressedBytes: 1_048_576,
  maxControlFramesPerSecond: 1_000_000,
  maxFragments: 1_000_000,
  maxEmptyFragments: 1_000_000,
};

/** What `permessage-deflate` without parameters agrees on. */
export const WHOLE_WINDOWS: DeflateParameters = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};

/** Longer payloads are told by length and digest, so that a failure fits on a screen. */
const SHOWN_BYTES = 40;

/** The two sides. */
export const ROLES: readonly Side[] = ["server", "client"];

/** Says a message in one line. */
export function describeMessage(payload: Uint8Array, kind: MessageKind): string {
  const bytes = Buffer.from(payload);
  if (bytes.length > SHOWN_BYTES) {
    return `${kind} ${bytes.length} ${createHash("sha1").update(bytes).digest("hex").slice(0, 8)}`;
  }
  return `${kind} ${kind === "text" ? JSON.stringify(bytes.toString()) : bytes.toString("hex")}`.trimEnd();
}

/** A protocol and its diary. */
export class Endpoint {
  readonly protocol: Protocol;
  /** What it was told, in order: `text "hi"`, `pong 00ff`, `closed 1000 by peer`. */
  readonly events: string[] = [];
  /** What the application does while it is told of an event. */
  during: (event: string) => void = () => {};

  /**
   * @param limits Those that differ from {@link WIDE}.
   * @param agreed On compression, if anything.
   * @param options How this side compresses.
   */
  constructor(
    role: Side,
    limits: Partial<EndpointLimits> = {},
    agreed?: DeflateParameters,
    options: DeflateOptions = DEFLATE_DEFAULTS,
  ) {
    const tell = (event: string) => {
      this.events.push(event);
      this.during(event);
    };
    const all = { ...WIDE, ...limits };
    let controlFrames = 0;
    this.protocol = new Protocol(
      {
        message: (bytes, start, end, kind) => tell(describeMessage(bytes.subarray(start, end), kind)),
        mayControl: () => ++controlFrames <= all.maxControlFramesPerSecond,
        pong: (payload) => tell(`pong ${payload.toString("hex")}`.trimEnd()),
        closed: ({ code, reason, by, rule }) =>
          tell(["closed", code, "by", by, rule ?? "", reason].join(" ").replaceAll("  ", " ").trimEnd()),
      },
      {
        role,
        limits: all,
        maskingKey: role === "client" ? () => MASKING_KEY : undefined,
        deflate: agreed === undefined ? undefined : new Deflate(role, agreed, options),
      },
    );
  }

  /** Receives chunks; they are copied, as the protocol changes what it is given. */
  receive(...chunks: Buffer[]): this {
    for (const chunk of chunks) this.protocol.receive(Buffer.from(chunk));
    return this;
  }

  /** The frames sent since the last call: `text "hi"`, `pong 00ff`, `close 1000 bye`. */
  sent(): string[] {
    return parseFrames(this.output()).map(describeFrame);
  }

  /** The bytes sent since the last call. */
  output(): Buffer {
    const taken = this.protocol.output.take();
    return Array.isArray(taken) ? Buffer.concat(taken) : Buffer.from(taken);
  }
}
