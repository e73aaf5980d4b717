/**
 * How a connection ends: the payload of a Close frame (RFC 6455 §5.5.1), and which status codes may stand in it.
 *
 * @module
 */

import { Buffer, isUtf8 } from "node:buffer";
import { PortcullisError } from "../base/errors.ts";
import { fault, ok, type Result } from "../base/result.ts";
import { CLOSE } from "./close_codes.ts";
import type { FrameRuleName } from "./rules.ts";

/** How a connection ended. */
export interface CloseStatus {
  /** The status code of §7.4, or 1005 and 1006, which stand for "none received" and "no Close frame". */
  readonly code: number;
  /** The reason given with it, at most 123 bytes of UTF-8. */
  readonly reason: string;
  /** Who spoke first: `peer`, `local`, or `transport` when TCP ended without a Close frame. */
  readonly by: "peer" | "local" | "transport";
  /** The rule that the peer broke, when that is why. */
  readonly rule: FrameRuleName | undefined;
}

/** The longest reason, in bytes of UTF-8: 125 of a control frame less 2 of the code. */
export const MAX_REASON_BYTES = 123;

// #region payload
/**
 * Tells whether a Close frame may carry this code.
 *
 * RFC 6455 §7.4.1: 1004, 1005, 1006 and 1015 never appear in a frame. 1012 to 1014 were registered with IANA later.
 *
 * @param code The number to judge.
 * @returns Whether it may be on the wire.
 */
export function isWireCode(code: number): boolean {
  if (!Number.isInteger(code)) return false;
  if (code >= 3000) return code <= 4999;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

/**
 * Reads the payload of a Close frame (§5.5.1).
 *
 * @param payload At most 125 bytes, unmasked.
 * @returns The code (1005 when there is none) and reason, or the rule that the payload breaks.
 */
export function parseClosePayload(payload: Buffer): Result<{ code: number; reason: string }, FrameRuleName> {
  if (payload.length === 0) return ok({ code: CLOSE.noStatus.code, reason: "" });
  if (payload.length === 1) return fault("close_payload_length");
  const code = payload.readUInt16BE(0);
  if (!isWireCode(code)) return fault("close_code");
  if (!isUtf8(payload.subarray(2))) return fault("utf8_close_reason");
  return ok({ code, reason: payload.toString("utf8", 2) });
}
// #endregion

/**
 * Writes the payload of a Close frame.
 *
 * @param code A code that may be on the wire, or `undefined` for an empty payload.
 * @param reason At most {@link MAX_REASON_BYTES} bytes of UTF-8.
 * @returns The payload, 0 or 2 to 125 bytes.
 * @throws {PortcullisError} `invalid_argument` for a code that must not be on the wire or a reason too long, or without a code.
 */
export function encodeClosePayload(code: number | undefined, reason: string): Buffer {
  if (code === undefined && reason === "") return Buffer.alloc(0);
  if (code === undefined || !isWireCode(code)) {
    throw new PortcullisError(
      "invalid_argument",
      `Status code ${code} must not be sent; use 1000 or 3000 to 4999.`,
    );
  }
  const reasonBytes = Buffer.byteLength(reason);
  if (reasonBytes > MAX_REASON_BYTES) {
    throw new PortcullisError(
      "invalid_argument",
      `Close reason is ${reasonBytes} bytes of UTF-8; at most ${MAX_REASON_BYTES} fit.`,
    );
  }
  const payload = Buffer.allocUnsafe(2 + reasonBytes);
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2, "utf8");
  return payload;
}
