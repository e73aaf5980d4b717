/**
 * Writes down both directions of a connection, each from its first byte on.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { OPCODE, type Opcode, type Side, writeFrame } from "../../src/protocol/frame.ts";
import { SendBuffer } from "../../src/protocol/send_buffer.ts";
import type { RawClient } from "../support/raw_http.ts";
import { parseFrame } from "../support/raw_http_frames.ts";

/** Bytes of one direction, and where in it they begin. */
export interface Span {
  readonly from: Side;
  readonly at: number;
  readonly bytes: Buffer;
}

/** One for each frame of the client: RFC 6455 §5.3 asks for a fresh one each time. */
const MASKING_KEYS = ["37fa213d", "9b02c6e1", "4cd8170f", "e35a90b4", "6f21d87c"];

/** Writes down both directions of a connection. */
export class Recorder {
  readonly #client: RawClient;
  readonly #keys = MASKING_KEYS.map((key) => Buffer.from(key, "hex"));
  #received: Buffer = Buffer.alloc(0);
  /** How much of what was received is in a span. */
  #read = 0;
  #sent = 0;

  constructor(client: RawClient) {
    this.#client = client;
    client.socket.on("data", (chunk: Buffer) => this.#received = Buffer.concat([this.#received, chunk]));
  }

  /** Sends bytes. */
  send(bytes: Buffer): Span {
    const span = { from: "client", at: this.#sent, bytes } as const;
    this.#client.write(bytes);
    this.#sent += bytes.length;
    return span;
  }

  /** Sends a frame, masked. */
  sendFrame(opcode: Opcode, payload: Buffer): Span {
    const out = new SendBuffer();
    writeFrame(out, opcode, payload, this.#keys.shift());
    const taken = out.take();
    return this.send(Array.isArray(taken) ? Buffer.concat(taken) : Buffer.from(taken));
  }

  /** Sends a message. */
  sendMessage(message: object): Span {
    return this.sendFrame(OPCODE.text, Buffer.from(JSON.stringify(message)));
  }

  /** Waits for the head of a response. */
  async response(): Promise<Span> {
    await this.#client.response();
    return this.#span(this.#received.indexOf("\r\n\r\n") + 4);
  }

  /** Waits for a frame. */
  async frame(): Promise<Span> {
    await this.#client.frame();
    return this.#span(parseFrame(this.#received.subarray(this.#read))?.size ?? 0);
  }

  /** Throws when something has come that is in no span. */
  checkComplete(): void {
    const left = this.#received.length - this.#read;
    if (left > 0) throw new Error(`${left} bytes from the server are in no span.`);
  }

  #span(length: number): Span {
    const at = this.#read;
    this.#read += length;
    return { from: "server", at, bytes: this.#received.subarray(at, at + length) };
  }
}
