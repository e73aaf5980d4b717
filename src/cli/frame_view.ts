/**
 * A frame as the command line shows it: for people, a line with its header bit by bit below it; for programs, one JSON object.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import {
  explainFrame,
  FRAME_RULES,
  frameFields,
  framePayloadText,
  type FrameTrace,
  type InspectedFrame,
  opcodeName,
} from "../mod.ts";
import { type Style, terminalSafe } from "./style.ts";

/** Bytes of hexadecimal in a line. */
const BYTES_OF_A_LINE = 16;

/** Whether the payload is there; an observer is not shown one that may hold a token. */
type Payload = FrameTrace["payload"];

/**
 * Writes a frame for people.
 *
 * @param frame The frame.
 * @param style How to write.
 * @param shown Whether its payload is there.
 * @returns Lines, the last without its end.
 */
export function frameText(frame: InspectedFrame, style: Style, shown: Payload = "shown"): string {
  const { from, opcode, rsv1, payloadBytes, rule, maskingKey, payload, wirePayload } = frame;
  const arrow = from === "client" ? "client → server" : "server → client";
  const fields = frameFields(frame);
  const [nameWidth, bitsWidth] = [15, Math.min(35, Math.max(...fields.map(({ bits }) => bits.length)))];
  const lines = [
    style(
      "bold",
      `${arrow}  ${opcodeName(opcode)}, ${payloadBytes ?? "?"} ${payloadBytes === 1 ? "byte" : "bytes"}`,
    ) +
    (rule === undefined ? "" : style("red", `  ✖ breaks ${rule}`)),
    `  ${explainFrame(frame)}`,
    ...fields.map(({ name, bits, means }) =>
      `    ${name.padEnd(nameWidth)} ${style("cyan", bits.padEnd(bitsWidth))}  ${means}`
    ),
  ];
  if (maskingKey !== undefined && wirePayload.length > 0) {
    lines.push("    payload on the wire", ...hexLines(wirePayload));
  }
  if (payload.length > 0) {
    lines.push(`    payload${maskingKey === undefined ? "" : " unmasked"}`, ...hexLines(payload));
  }
  const left = (payloadBytes ?? 0) - payload.length;
  if (shown === "hidden" && left > 0) lines.push("    payload hidden: it may be a token, or a part of one");
  else if (left > 0) lines.push(`      … and ${left} more ${left === 1 ? "byte" : "bytes"}`);
  const text = framePayloadText(frame);
  if (payload.length > 0 && text !== "" && !rsv1) {
    lines.push(`    as text: ${text === undefined ? "not valid UTF-8" : terminalSafe(text)}`);
  }
  if (rule !== undefined) {
    lines.push(
      `    RFC 6455 ${FRAME_RULES[rule].section}: "${FRAME_RULES[rule].sentence}"`.replace(
        "RFC 6455 RFC",
        "RFC",
      ),
    );
  }
  return lines.join("\n");
}

/** Makes what a program reads of a frame. @param shown Whether its payload is there. */
export function frameJson(frame: InspectedFrame, shown: Payload = "shown"): object {
  const { from, fin, rsv1, rsv2, rsv3, opcode, masked, payloadBytes, extent, fate, rule } = frame;
  const text = framePayloadText(frame);
  return {
    from,
    opcode: opcodeName(opcode),
    opcodeNumber: opcode,
    ...{ fin, rsv1, rsv2, rsv3, masked, payloadBytes },
    header: hex(frame.header),
    ...(frame.maskingKey === undefined ? {} : { maskingKey: hex(frame.maskingKey) }),
    payloadOnTheWire: hex(frame.wirePayload),
    payload: hex(frame.payload),
    ...(text === undefined ? {} : { text }),
    ...(frame.statusCode === undefined ? {} : { statusCode: frame.statusCode }),
    ...(shown === "hidden" ? { payloadIsHidden: true } : {}),
    ...{ extent, fate },
    ...(rule === undefined ? {} : { rule, section: FRAME_RULES[rule].section }),
    sentence: explainFrame(frame),
  };
}

/** Hexadecimal beside its ASCII, as other tools print it. */
function hexLines(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += BYTES_OF_A_LINE) {
    const part = bytes.subarray(at, at + BYTES_OF_A_LINE);
    const digits = Array.from(part, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const ascii = Array.from(part, (byte) => byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")
      .join("");
    lines.push(`      ${digits.padEnd(3 * BYTES_OF_A_LINE)} ${ascii}`);
  }
  return lines;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
