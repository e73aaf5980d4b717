/**
 * A WebSocket connection after its handshake, without the socket: bytes go in, events and bytes come out (RFC 6455 §5
 * to §7). It reads no clock, draws no randomness and does no I/O, so that a test can put it into any situation, and any
 * runtime can put a socket around it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { type CloseStatus, encodeClosePayload, parseClosePayload } from "./close.ts";
import { CLOSE } from "./close_codes.ts";
import { type MaskingKeySource, type MessageKind, OPCODE, type Opcode } from "./frame.ts";
import { FrameWriter } from "./frame_writer.ts";
import type { MessageLimits } from "./message.ts";
import { borrowReader, type MessageReader, type ReadingOptions, returnReader } from "./message_reader.ts";
import { FRAME_RULES, type FrameRule, type FrameRuleName } from "./rules.ts";
import type { SendBuffer } from "./send_buffer.ts";
import type { SharedMessage } from "./shared_message.ts";

/**
 * Where the connection stands (§4.1, §7.1): `closing` once this side has sent a Close frame and waits for the other's;
 * `closed` when nothing more is read or written, and TCP is to end as soon as {@link Protocol.output} has left.
 */
export type ProtocolState = "open" | "closing" | "closed";

/** What a connection tells whoever drives it. */
export interface ProtocolEvents {
  /**
   * A message is complete: `bytes` from `start` to `end`. The bytes are the callee's; nobody writes to them again.
   * Text is valid UTF-8.
   */
  message(bytes: Buffer, start: number, end: number, kind: MessageKind): void;
  /** Another ping or pong came. @returns Whether it may: whoever has a clock counts them. */
  mayControl(): boolean;
  /** A pong came, with the payload of the ping that it answers, or unasked (§5.5.3). */
  pong(payload: Buffer): void;
  /** The connection is over; said once. */
  closed(status: CloseStatus): void;
}

/** What a connection is made of. */
export interface ProtocolOptions extends ReadingOptions {
  /** Gives 4 unpredictable bytes for each frame of a client, who needs it. */
  readonly maskingKey?: MaskingKeySource | undefined;
}

/** One connection's protocol. */
export class Protocol {
  /** What is to be written to the peer. */
  readonly output: SendBuffer;

  readonly #events: ProtocolEvents;
  readonly #writer: FrameWriter;
  #options: ReadingOptions;
  /** There while something is being read, or has been read in part; with compression, from the first chunk to the end. */
  #reader: MessageReader | undefined;
  #state: ProtocolState = "open";
  #reading: "flowing" | "paused" = "flowing";
  /** Whether {@link Protocol.#read} is under way: a handler that pauses and resumes at once must not nest it. */
  #running = false;
  #writing: "flowing" | "congested" = "flowing";
  /** The latest ping that came while the peer was not reading. */
  #owedPong: Buffer | undefined;

  /**
   * @param events Whom to tell.
   * @param options What it is made of.
   */
  constructor(events: ProtocolEvents, options: ProtocolOptions) {
    this.#events = events;
    this.#options = options;
    this.#writer = new FrameWriter(options.maskingKey, options.deflate);
    this.output = this.#writer.output;
  }

  /** Changes what one message may cost, from the next frame on. */
  setLimits(limits: MessageLimits): void {
    this.#options = { ...this.#options, limits };
    this.#reader?.setOptions(this.#options);
  }

  /** Where the connection stands. */
  get state(): ProtocolState {
    return this.#state;
  }

  // #region receive
  /**
   * Takes bytes from the peer and tells of all that they complete.
   *
   * @param chunk Belongs to the protocol from now on; it is unmasked in place.
   */
  receive(chunk: Buffer): void {
    if (this.#state === "closed") return;
    const reader = this.#reader ??= this.#newReader();
    reader.decoder.feed(chunk);
    // A handler may write to a peer in this very process, and be answered before it returns: what comes then is read after it.
    if (!this.#running) this.#read(reader);
  }
  // #endregion

  /** TCP ended. Without a Close frame before it, that is 1006 (§7.1.5). */
  receiveEnd(): void {
    this.#end({ code: CLOSE.abnormal.code, reason: "", by: "transport", rule: undefined });
  }

  /** Stops after the message at hand; what has arrived after it waits. */
  pause(): void {
    if (this.#state === "open") this.#reading = "paused";
  }

  /** Goes on where {@link pause} stopped. */
  resume(): void {
    if (this.#reading === "flowing") return;
    this.#reading = "flowing";
    if (!this.#running && this.#reader !== undefined) this.#read(this.#reader);
  }

  /**
   * Says whether the peer takes what is written. While it does not, only the latest ping is answered, later:
   * §5.5.3: "If an endpoint receives a Ping frame and has not yet sent Pong frame(s) in response to previous Ping
   * frame(s), the endpoint MAY elect to send a Pong frame for only the most recently processed Ping frame."
   * A peer that pings and never reads would otherwise fill this side's memory with pongs.
   */
  setCongested(congested: boolean): void {
    this.#writing = congested ? "congested" : "flowing";
    this.output.setKeptBack(congested);
    const owed = this.#owedPong;
    if (congested || owed === undefined) return;
    this.#owedPong = undefined;
    this.#pongTo(owed);
  }

  /** Sends a text message. @returns Whether the connection was still open. */
  sendText(text: string): boolean {
    if (this.#state !== "open") return false;
    this.#writer.text(text);
    return true;
  }

  /** Sends a message of bytes; as text, they must be UTF-8. @returns Whether the connection was still open. */
  sendBytes(payload: Uint8Array, kind: MessageKind): boolean {
    if (this.#state !== "open") return false;
    this.#writer.bytes(payload, kind);
    return true;
  }

  /** Sends a message that was encoded for many connections, by a server. @returns Whether this one was still open. */
  sendShared(message: SharedMessage): boolean {
    if (this.#state !== "open") return false;
    this.#writer.shared(message);
    return true;
  }

  /** Sends a ping of at most 125 bytes (§5.5.2). @returns Whether the connection was still open. */
  ping(payload: Uint8Array): boolean {
    return this.#send(OPCODE.ping, payload);
  }

  /**
   * Starts the closing handshake (§7.1.2). Messages that still arrive are dropped from here on.
   *
   * @param code A code that may be on the wire, or `undefined` for none.
   * @param reason At most 123 bytes of UTF-8.
   * @throws {PortcullisError} `invalid_argument`, when code or reason are not sendable.
   */
  close(code: number | undefined, reason: string): void {
    // #region start_closing
    const payload = encodeClosePayload(code, reason);
    if (!this.#send(OPCODE.close, payload)) return;
    this.#state = "closing";
    this.#reader?.assembler.discard();
    // A pause must not hide the peer's Close frame.
    this.resume();
    // #endregion
  }

  #newReader(): MessageReader {
    const reader = borrowReader(this.#options);
    if (this.#state === "closing") reader.assembler.discard();
    return reader;
  }

  #read(reader: MessageReader): void {
    this.#running = true;
    try {
      while (this.#reading === "flowing" && this.#state !== "closed") {
        const step = reader.decoder.next();
        if (step === "more") return this.#rest(reader);
        if (step === "fault") return this.#fail(reader.decoder.fault as FrameRuleName);
        this.#accept(reader);
      }
    } finally {
      this.#running = false;
    }
  }

  /** All that has come is read. An idle connection holds neither its last message nor what read it. */
  #rest(reader: MessageReader): void {
    reader.assembler.release();
    const { role, deflate } = this.#options;
    // Kept: a reader with compression, whose window is this connection's own, and that of a closing connection, which has been told to
    // discard and cannot unlearn it.
    if (deflate !== undefined || this.#state !== "open" || !reader.atRest) return;
    this.#reader = undefined;
    returnReader(reader, role);
  }

  #accept({ decoder, assembler }: MessageReader): void {
    const step = assembler.accept(decoder);
    if (step === "message") {
      // §5.5.1 binds the peer only from its own Close on. The application has said that it is done: what still comes is dropped.
      if (this.#state !== "open") return;
      this.#events.message(assembler.bytes, assembler.start, assembler.end, assembler.kind);
    } else if (step === "control") {
      this.#control(assembler.controlOpcode, assembler.bytes.subarray(assembler.start, assembler.end));
    } else if (step === "fault") {
      this.#fail(assembler.fault as FrameRuleName);
    }
  }

  #control(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.close) return this.#closeReceived(payload);
    if (!this.#events.mayControl()) return this.#fail("too_many_control_frames");
    if (opcode === OPCODE.ping) this.#pinged(payload);
    else this.#events.pong(payload);
  }

  // #region pong_to_each_ping
  /** §5.5.2: "an endpoint MUST send a Pong frame in response, unless it already received a Close frame": also after ours. */
  #pinged(payload: Buffer): void {
    if (this.#writing === "congested") {
      // Copied, as the view would hold the whole chunk for as long as the peer does not read.
      this.#owedPong = Buffer.from(payload);
    } else {
      this.#pongTo(payload);
    }
  }

  #pongTo(payload: Buffer): void {
    if (this.#state !== "closed") this.#writer.control(OPCODE.pong, payload);
  }
  // #endregion

  /** §5.5.1: "If an endpoint receives a Close frame and did not previously send a Close frame, the endpoint MUST send a
   * Close frame in response. (… the endpoint typically echos the status code it received.)" */
  #closeReceived(payload: Buffer): void {
    // #region close_received
    const parsed = parseClosePayload(payload);
    if (!parsed.ok) return this.#fail(parsed.fault);
    const { code, reason } = parsed.value;
    const by = this.#state === "closing" ? "local" : "peer";
    this.#send(OPCODE.close, payload.subarray(0, 2));
    this.#end({ code, reason, by, rule: undefined });
    // #endregion
  }

  // #region fail
  /** _Fail the WebSocket Connection_ (§7.1.7): says why, and reads nothing more. */
  #fail(rule: FrameRuleName): void {
    const { closeCode, reason }: FrameRule = FRAME_RULES[rule];
    this.#send(OPCODE.close, encodeClosePayload(closeCode, reason));
    this.#end({ code: closeCode, reason, by: "local", rule });
  }

  #end(status: CloseStatus): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    // It may stand in the middle of a frame, and is lent to nobody again.
    this.#reader = undefined;
    this.#owedPong = undefined;
    this.#events.closed(status);
  }
  // #endregion

  #send(opcode: Opcode, payload: Uint8Array): boolean {
    if (this.#state !== "open") return false;
    this.#writer.control(opcode, payload);
    return true;
  }
}
