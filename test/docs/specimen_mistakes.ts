/**
 * The mistakes of docs/specimens.md, written afresh, as small as they can be and still be wrong. Nothing here is to be used.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import type { RawFrame } from "../support/raw_http_frames.ts";

// #region always_last
/** The header of a short frame. */
export function headerOf({ opcode, payload }: RawFrame): number[] {
  return [0x80 | opcode, payload.length];
}
// #endregion

// #region glued
/** The messages that some frames make. */
export function messagesIn(frames: readonly RawFrame[]): string[] {
  const parts: Buffer[] = [];
  return frames.flatMap(({ fin, payload }) => {
    parts.push(payload);
    return fin ? [Buffer.concat(parts.splice(0)).toString()] : [];
  });
}
// #endregion

// #region below_65535
/** How many bytes follow the 7 bits of a length. */
export function extensionOf(length: number): 0 | 2 | 8 {
  if (length < 126) return 0;
  return length < 0xffff ? 2 : 8;
}
// #endregion

// #region first_key
/** A text whose fragments are unmasked with the key of the connection. */
export function unmasked(fragments: readonly { key: Buffer; masked: Buffer }[]): string {
  const key = fragments[0]?.key ?? Buffer.alloc(4);
  const bytes = fragments.map(({ masked }) => masked.map((byte, i) => byte ^ key.readUInt8(i % 4)));
  return Buffer.concat(bytes).toString();
}
// #endregion

// #region bare_pong
/** What a client sends when it is asked. */
export function pongFor(ping: RawFrame): Buffer {
  return Buffer.concat([Buffer.from([0x8a, ping.payload.length]), ping.payload]);
}
// #endregion

// #region lossy_text
const decoder = new TextDecoder();

/** What a text message says. */
export function textOf(payload: Uint8Array): string {
  return decoder.decode(payload);
}
// #endregion

// #region code_of_nothing
/** The payload that answers a Close frame. */
export function closeAnswer(payload: Uint8Array): Buffer {
  const code = (Number(payload[0]) << 8) | Number(payload[1]);
  return Buffer.from([code >>> 8, code & 0xff]);
}
// #endregion

// #region whole_offer
/** The last line of a 101. */
export function protocolLine(offered: readonly string[]): string {
  return `Sec-WebSocket-Protocol: ${offered.join(", ")}`;
}
// #endregion

// #region signed_length
/** Whether a frame may be as long as its header says. */
export function mayCome(header: Buffer, maxBytes: number): boolean {
  return Number(header.readBigInt64BE(2)) <= maxBytes;
}
// #endregion

// #region room_for_all
/** Where the payload of a frame will be put. */
export function roomFor(header: Buffer): Buffer {
  return Buffer.alloc(Number(header.readBigUInt64BE(2)));
}
// #endregion

// #region each_frame
/** Whether the frames of a message are short enough. */
export function mayPass(frames: readonly RawFrame[], maxBytes: number): boolean {
  return frames.every(({ payload }) => payload.length <= maxBytes);
}
// #endregion

// #region claims_first
/** Why a token is refused. */
export function faultOf(token: string, secret: Buffer, now: number): string | undefined {
  const [header = "", payload = "", mac = ""] = token.split(".");
  // #region end_compared
  const { exp } = JSON.parse(Buffer.from(payload, "base64url").toString()) as { exp: number };
  if (exp <= now) return "expired";
  // #endregion
  const good = createHmac("sha256", secret).update(`${header}.${payload}`).digest("base64url");
  return mac === good ? undefined : "signature";
}
// #endregion

// #region map_by_user
/** The connections of all users. */
export class Users<Socket> {
  readonly #sockets = new Map<string, Socket>();
  opened = (user: string, socket: Socket) => void this.#sockets.set(user, socket);
  closed = (user: string) => void this.#sockets.delete(user);
  everyone = () => [...this.#sockets.values()];
}
// #endregion

// #region asked_once
/** The connections of those who were good when they came. */
export class Revocable<Socket> {
  readonly #revoked = new Set<string>();
  readonly #sockets = new Set<Socket>();
  opened = (user: string, socket: Socket) => void (this.#revoked.has(user) || this.#sockets.add(socket));
  revoke = (user: string) => void this.#revoked.add(user);
  everyone = () => [...this.#sockets];
}
// #endregion

// #region one_catch
/** The status code with which a connection ends after its first message. */
export async function closeCodeAfter(login: () => Promise<unknown>): Promise<number> {
  try {
    await login();
    return 1000;
  } catch {
    return 1011;
  }
}
// #endregion
