/**
 * The head of an upgrade request, read strictly (RFC 9112 §2 to §5). Everything else is left to a parser of HTTP.
 *
 * A general parser keeps state for heads that come in pieces, for bodies, for several requests on one connection. An upgrade needs none
 * of it: it is one short head, and what follows is no HTTP any more. So this one says yes to exactly that, and says nothing to all else.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { UpgradeRequest } from "./handshake.ts";
import { hasToken, isFieldValue, isToken, trimSpace } from "./header_field.ts";

/** A head that was read. */
export interface RequestHead {
  /** What it says. */
  readonly request: UpgradeRequest;
  /** How long it is; what follows are frames. */
  readonly bytes: number;
}

/** As `node:http` has it (`maxHeaderSize`): longer heads are for it to refuse. */
const MAX_HEAD_BYTES = 16_384;

/** RFC 9112 §3: one space between the parts, none around them. Whether the target is a valid one is for `parseTarget` to say. */
const REQUEST_LINE = /^GET ([\x21-\x7e]+) HTTP\/1\.1$/;

/**
 * Reads the head of an upgrade to WebSocket.
 *
 * @param bytes What a client has sent first.
 * @returns The head; `undefined` when it is not there as a whole, is no upgrade, or breaks the grammar anywhere.
 */
export function readRequestHead(bytes: Buffer): RequestHead | undefined {
  const text = bytes.toString("latin1", 0, Math.min(bytes.length, MAX_HEAD_BYTES));
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  let at = text.indexOf("\r\n");
  const url = REQUEST_LINE.exec(text.slice(0, at))?.[1];
  if (url === undefined) return undefined;
  const rawHeaders: string[] = [];
  const asksFor = { connection: false, upgrade: false };
  while (at < end) {
    const next = text.indexOf("\r\n", at + 2);
    const colon = text.indexOf(":", at);
    const name = text.slice(at + 2, Math.max(colon, at + 2));
    const value = text.slice(colon + 1, next);
    // RFC 9112 §5.1: no space in front of the colon; §5.2: a line that begins with one would go on with the line before. A bare CR or LF,
    // which others take for the end of a line (§2.2), is part of neither name nor value. Where a proxy and a server read such a line
    // differently, a request can be hidden in another.
    if (!isToken(name) || !isFieldValue(value)) return undefined;
    const trimmed = trimSpace(value);
    rawHeaders.push(name, trimmed);
    const known = name.toLowerCase();
    // Two parsers that disagree on the length of a body are how requests are smuggled: only one has a say in it.
    if (known === "content-length" || known === "transfer-encoding") return undefined;
    if (known === "connection" && hasToken([trimmed], "upgrade")) asksFor.connection = true;
    if (known === "upgrade" && hasToken([trimmed], "websocket")) asksFor.upgrade = true;
    at = next;
  }
  if (!asksFor.connection || !asksFor.upgrade) return undefined;
  return { request: { method: "GET", httpVersion: "1.1", url, rawHeaders }, bytes: end + 4 };
}
