/**
 * Handshakes as attackers send them, written by hand: no client of ours could be made to.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { bearerSubprotocols, SUBPROTOCOL } from "../mod.ts";
import { encodeBase64url } from "../base/bytes.ts";
import type { AttackKit } from "./attack.ts";

/**
 * Writes a handshake.
 *
 * @param kit Where to.
 * @param fields Besides those that each has.
 * @param query Behind the name of the watch.
 */
export function writeHandshake(
  kit: Pick<AttackKit, "host" | "target">,
  fields: Readonly<Record<string, string>> = {},
  query = "",
): string {
  const all = {
    "Host": kit.host,
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
    "Sec-WebSocket-Protocol": SUBPROTOCOL,
    ...fields,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `GET ${kit.target}${query} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

/** A handshake as it should be. */
export function withToken(kit: AttackKit): string {
  return writeHandshake(kit, { Authorization: `Bearer ${kit.token()}` });
}

/** Nobody says who he is. */
export function withoutToken(kit: AttackKit): string {
  return writeHandshake(kit);
}

/** The claims of a good token, behind its header, which asks for no signature now and still names a key that is there. */
export function withAlgNone(kit: AttackKit): string {
  const [signed = "", claims = ""] = kit.token().split(".");
  const header = { ...JSON.parse(Buffer.from(signed, "base64url").toString()) as object, alg: "none" };
  return writeHandshake(kit, {
    Authorization: `Bearer ${encodeBase64url(JSON.stringify(header))}.${claims}.`,
  });
}

/** A token that was good a minute ago. */
export function withExpiredToken(kit: AttackKit): string {
  return writeHandshake(kit, { Authorization: `Bearer ${kit.token(-60)}` });
}

/** Two good tokens, in two places. */
export function withTwoCarriers(kit: AttackKit): string {
  const protocols = bearerSubprotocols(kit.token()).join(", ");
  return writeHandshake(kit, {
    "Authorization": `Bearer ${kit.token()}`,
    "Sec-WebSocket-Protocol": protocols,
  });
}

/** A ticket that somebody has used before. */
export async function withUsedTicket(kit: AttackKit): Promise<string> {
  return writeHandshake(kit, {}, `&ticket=${await kit.usedTicket()}`);
}

/** A good token, shown by the page of another site. */
export function fromForeignOrigin(kit: AttackKit): string {
  return writeHandshake(kit, { Origin: "https://evil.example", Authorization: `Bearer ${kit.token()}` });
}
