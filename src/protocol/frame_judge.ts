/**
 * Which rule a frame breaks, found out apart from any connection: by the very decoder and assembler that connections are read with, so that
 * whoever watches or explains a frame can never judge it otherwise.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import { parseClosePayload } from "./close.ts";
import { OPCODE } from "./frame.ts";
import { MessageReader, type ReadingOptions } from "./message_reader.ts";
import type { FrameRuleName } from "./rules.ts";

/** Judges what one side sends, in its order. */
export class FrameJudge {
  readonly #reader: MessageReader;

  /** @param options How the other side reads. */
  constructor(options: ReadingOptions) {
    this.#reader = new MessageReader(options);
  }

  /**
   * Judges the next bytes.
   *
   * @param bytes A header or a part of a payload; changed. After a rule is broken, nothing may follow.
   * @returns The rule that they break, if they do.
   */
  take(bytes: Buffer): FrameRuleName | undefined {
    const { decoder } = this.#reader;
    decoder.feed(bytes);
    for (;;) {
      const step = decoder.next();
      if (step === "more") return undefined;
      const broken = step === "fault" ? decoder.fault : this.#accept();
      if (broken !== undefined) return broken;
    }
  }

  /** The other side has said that it is done: it drops what comes of messages, unread. */
  discard(): void {
    this.#reader.assembler.discard();
  }

  #accept(): FrameRuleName | undefined {
    const { assembler, decoder } = this.#reader;
    const step = assembler.accept(decoder);
    if (step === "fault") return assembler.fault;
    if (step !== "control" || assembler.controlOpcode !== OPCODE.close) return undefined;
    const parsed = parseClosePayload(assembler.bytes.subarray(assembler.start, assembler.end));
    return parsed.ok ? undefined : parsed.fault;
  }
}
