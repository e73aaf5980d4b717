/**
 * Captured bytes as they come to `inspect`: hexadecimal in the ways in which tools write it, or the bytes themselves; with the head of a
 * handshake in front, or without.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Side } from "../mod.ts";
import { CliError, EXIT_REFUSED } from "./command.ts";

/** How bytes are written down. */
export type Notation = "hex" | "binary";

/** Lines of `xxd` and `hexdump -C`: an offset, hexadecimal, and the same as ASCII. */
const DUMP_LINE =
  /^\s*[0-9a-f]{6,8}:?\s+((?:[0-9a-f]{2,4} ?)+(?: (?:[0-9a-f]{2} ?)+)?)(?:\s+\S.*|\s*\|.*)?$/i;

/** What people write between bytes. */
const BETWEEN = /0x|\\x|[\s,:;-]/gi;

/**
 * Reads what was captured.
 *
 * @param bytes As they stand in the file.
 * @param notation How; without it, hexadecimal is recognized.
 * @returns The bytes that were on the wire.
 * @throws {CliError} For hexadecimal that is none.
 */
export function readCaptured(bytes: Buffer, notation: Notation | undefined): Buffer {
  if (notation === "binary") return bytes;
  const text = bytes.toString("latin1");
  const digits = digitsIn(text);
  if (/^(?:[0-9a-f]{2})+$/i.test(digits)) return Buffer.from(digits, "hex");
  if (notation === "hex") throw new CliError("What was given is not hexadecimal, two digits for each byte.");
  return bytes;
}

function digitsIn(text: string): string {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const dumped = lines.map((line) => DUMP_LINE.exec(line)?.[1]);
  // A dump says at which offset it ends, on a line of its own.
  const isDump = lines.length > 0 &&
    dumped.every((part, i) => part !== undefined || /^\s*[0-9a-f]{7,8}\s*$/i.test(lines[i] as string));
  const digits = isDump && dumped[0] !== undefined ? dumped.join("") : lines.join("");
  return digits.replace(BETWEEN, "");
}

/** Bytes without the head of the handshake, and who sent them, as far as that is known. */
export interface Direction {
  readonly frames: Buffer;
  readonly from: Side;
  /** How the direction is known. */
  readonly by: "option" | "handshake" | "mask";
}

/** §4.1 and §4.2.2: how the bytes of each side begin, and how a head ends. */
const HEADS: readonly (readonly [start: RegExp, from: Side])[] = [[/^GET \S+ HTTP\/1\.1\r\n/, "client"], [
  /^HTTP\/1\.1 101 /,
  "server",
]];
const HEAD_END = "\r\n\r\n";

/**
 * Finds out where the frames begin and who sent them.
 *
 * @param bytes What was on the wire.
 * @param said Who the user says it was.
 * @throws {CliError} For the answer of a server that has refused the handshake.
 */
export function directionOf(bytes: Buffer, said: Side | undefined): Direction {
  const start = bytes.toString("latin1", 0, 8_192);
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(start) ?? [];
  if (status !== undefined && status !== "101") {
    throw new CliError(
      `The handshake was answered with ${status}, and so there are no frames.`,
      EXIT_REFUSED,
    );
  }
  const headed = HEADS.find(([pattern]) => pattern.test(start))?.[1];
  const end = bytes.indexOf(HEAD_END);
  const frames = headed === undefined || end < 0 ? bytes : bytes.subarray(end + HEAD_END.length);
  if (said !== undefined) return { frames, from: said, by: "option" };
  if (headed !== undefined) return { frames, from: headed, by: "handshake" };
  // §5.1: a client masks all of its frames, and a server none.
  return { frames, from: ((frames[1] ?? 0) & 0x80) === 0 ? "server" : "client", by: "mask" };
}
