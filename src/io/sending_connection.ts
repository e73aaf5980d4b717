/**
 * What an application can say on a connection, as long as the peer takes it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";
import { PortcullisError } from "../base/errors.ts";
import type { Limits } from "../base/limits.ts";
import { CLOSE } from "../protocol/close_codes.ts";
import { MAX_SHORT_PAYLOAD_BYTES, type MessageKind } from "../protocol/frame.ts";
import type { Agreement } from "../protocol/handshake.ts";
import { SharedMessage } from "../protocol/shared_message.ts";
import { Intake } from "./intake.ts";
import { type CommonProtocolOptions, protocolOptions } from "./protocol_options.ts";

/** What sending is bounded by. */
export interface SendingOptions extends CommonProtocolOptions {
  readonly limits: Limits;
}

/** A queue of this length in the socket itself keeps any network busy. */
const MAX_CONGESTED_FROM_BYTES = 262_144;

/** The part of a connection that sends. */
export abstract class SendingConnection extends Intake {
  /** For the heartbeat: for how long, at the least, no message will have gone either way when it looks next. */
  quietMs = 0;
  readonly #bounds: SendingOptions;

  /**
   * @param socket After the 101; it must have a listener for errors.
   * @param options What the connection is made of.
   * @param agreement What the handshake came to.
   */
  constructor(socket: Duplex, options: SendingOptions, agreement: Agreement) {
    // Half of what may wait at the most, or nobody would be slow before he is closed for it.
    const congestedFromBytes = Math.min(MAX_CONGESTED_FROM_BYTES, options.limits.maxQueuedBytes / 2);
    super(socket, protocolOptions(socket, options, agreement), congestedFromBytes);
    this.#bounds = options;
  }

  abstract close(code?: number, reason?: string): void;

  get queuedBytes(): number {
    return this.writer.queuedBytes;
  }

  get congested(): boolean {
    return this.writer.congested;
  }

  send(data: string | Uint8Array, kind: MessageKind = "binary"): boolean {
    if (typeof data !== "string") checkBytes(data);
    if (!this.#mayQueue()) return false;
    const sent = typeof data === "string"
      ? this.protocol.sendText(data)
      : this.protocol.sendBytes(data, kind);
    this.quietMs = 0;
    this.writer.added();
    return sent;
  }

  sendShared(message: SharedMessage): boolean {
    if (!(message instanceof SharedMessage)) {
      throw new PortcullisError("invalid_argument", "What is shared must come from shareMessage().");
    }
    if (this.#bounds.role === "client") {
      throw new PortcullisError(
        "invalid_state",
        "A client masks each frame by itself; it cannot send a shared one.",
      );
    }
    if (!this.#mayQueue()) return false;
    const sent = this.protocol.sendShared(message);
    this.quietMs = 0;
    this.writer.added();
    return sent;
  }

  ping(payload: Uint8Array = NOTHING): boolean {
    checkBytes(payload);
    if (payload.length > MAX_SHORT_PAYLOAD_BYTES) {
      throw new PortcullisError("invalid_argument", `Ping has ${payload.length} bytes; at most 125 fit.`);
    }
    if (!this.#mayQueue()) return false;
    const sent = this.protocol.ping(payload);
    this.writer.added();
    return sent;
  }

  // #region may_queue
  #mayQueue(): boolean {
    if (!this.open) return false;
    const { maxQueuedBytes } = this.#bounds.limits;
    if (this.queuedBytes <= maxQueuedBytes) return true;
    // What was gathered in this turn has not been offered to the peer yet, who may well take it.
    this.writer.flush();
    if (this.queuedBytes <= maxQueuedBytes) return true;
    this.close(CLOSE.tryLater.code, "Reads too slowly");
    return false;
  }
  // #endregion
}

/** In JavaScript anything may be given; a length that is not a number would spoil everything sent after it. */
function checkBytes(data: unknown): void {
  if (data instanceof Uint8Array) return;
  throw new PortcullisError("invalid_argument", "What is sent must be a string or a Uint8Array.");
}

const NOTHING = Buffer.alloc(0);
