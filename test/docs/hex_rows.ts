/**
 * Bytes for people: an offset, the bytes in hexadecimal, and what each group of them is.
 *
 * @module
 */

import {
  explainFrame,
  type FrameField,
  frameFields,
  FrameInspector,
  type InspectedFrame,
  opcodeName,
  resolveLimits,
} from "../../src/mod.ts";
import { wrapped } from "../support/wrapped.ts";
import type { Span } from "./recorder.ts";

/** Bytes of a row. */
const ROW_BYTES = 16;

/** As wide as the bytes of a row are. */
const DIGITS_WIDTH = 3 * ROW_BYTES - 1;

/** Writes bytes in hexadecimal. */
export function digitsOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** Writes bytes that are all ASCII as text. */
function textOf(bytes: Uint8Array): string {
  const written: Readonly<Record<number, string>> = { 13: "\\r", 10: "\\n" };
  return Array.from(bytes, (byte) => written[byte] ?? (isVisible(byte) ? String.fromCharCode(byte) : "."))
    .join("");
}

function isVisible(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}

function row(at: number, bytes: Uint8Array, means: string): string {
  return `${String(at).padStart(4, "0")}  ${digitsOf(bytes).padEnd(DIGITS_WIDTH)}  ${means}`.trimEnd();
}

/** Cuts bytes into rows, each with what `means` says of it. */
function rows(at: number, bytes: Uint8Array, means: (start: number, end: number) => string): string[] {
  const all: string[] = [];
  for (let start = 0; start < bytes.length; start += ROW_BYTES) {
    const end = Math.min(start + ROW_BYTES, bytes.length);
    all.push(row(at + start, bytes.subarray(start, end), means(start, end)));
  }
  return all;
}

/**
 * Shows the head of a request or a response, line by line.
 *
 * @param span Its bytes.
 * @param notes What each line is, by how it begins; the last is the empty one.
 */
export function headRows({ from, at, bytes }: Span, notes: Readonly<Record<string, string>>): string {
  const all = [caption({ from, at, bytes })];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf("\r\n", start) + 2;
    const line = bytes.subarray(start, end);
    const text = line.toString("latin1");
    const note = Object.entries(notes).find(([begins]) => text.startsWith(begins))?.[1] ?? "";
    all.push(
      ...rows(at + start, line, (first, last) => {
        const shown = textOf(line.subarray(first, last));
        return first > 0 ? shown : `${shown.padEnd(19)} ${note}`;
      }),
    );
    start = end;
  }
  return all.join("\n");
}

/** Shows a frame, field by field; beside a payload that is masked stands what it is when it is not. */
export function frameRows(span: Span): string {
  const frame = inspect(span);
  const payloadAt = span.at + frame.header.length;
  return [
    caption(span),
    ...wrapped(explainFrame(frame)),
    ...headerRows(span.at, frame),
    ...payloadRows(payloadAt, frame),
  ].join("\n");
}

function headerRows(at: number, frame: InspectedFrame): string[] {
  const { header, maskingKey } = frame;
  const fields = new Map(frameFields(frame).map((field) => [field.name, field]));
  const bits = (...names: FrameField["name"][]) => names.map((name) => fields.get(name)?.bits ?? "").join("");
  const keyAt = maskingKey === undefined ? header.length : header.length - 4;
  const extended = header.subarray(2, keyAt);
  const length = fields.get("extended length")?.means ?? "";
  const short = extended.length > 0 ? `in the next ${extended.length} bytes` : fields.get("length")?.means;
  const [byte0, byte1] = [header.subarray(0, 1), header.subarray(1, 2)];
  const rsv = bits("RSV1", "RSV2", "RSV3");
  const shown = [
    row(at, byte0, `FIN ${bits("FIN")}, RSV ${rsv}, opcode ${bits("opcode")}: ${opcodeName(frame.opcode)}`),
    row(at + 1, byte1, `MASK ${bits("MASK")}, length ${bits("length")}: ${short}`),
  ];
  if (extended.length > 0) shown.push(row(at + 2, extended, `the length: ${length}`));
  if (maskingKey !== undefined) shown.push(row(at + keyAt, maskingKey, "the masking key"));
  return shown;
}

/** Of a Close frame, the status code stands alone. */
function payloadRows(
  at: number,
  { statusCode, maskingKey, payload, wirePayload }: InspectedFrame,
): string[] {
  const codeBytes = statusCode === undefined ? 0 : 2;
  const text = payload.subarray(codeBytes);
  const shown = rows(
    at + codeBytes,
    wirePayload.subarray(codeBytes),
    (start, end) => textOf(text.subarray(start, end)),
  );
  if (statusCode === undefined) return shown;
  const unmasked = maskingKey === undefined ? "" : `unmasked ${digitsOf(payload.subarray(0, codeBytes))}: `;
  return [row(at, wirePayload.subarray(0, codeBytes), `${unmasked}status code ${statusCode}`), ...shown];
}

/** Takes a frame apart. @throws {Error} Unless it breaks no rule. */
export function inspect({ from, bytes }: Span): InspectedFrame {
  let found: InspectedFrame | undefined;
  const options = { from, limits: resolveLimits(), keptBytes: bytes.length };
  const inspector = new FrameInspector(options, (frame) => found = frame);
  inspector.take(bytes);
  if (found === undefined || found.rule !== undefined) throw new Error("That is no good frame.");
  return found;
}

function caption({ from, at, bytes }: Span): string {
  const arrow = from === "client" ? "client → server" : "server → client";
  return `${arrow}, ${bytes.length} bytes from offset ${at}`;
}
