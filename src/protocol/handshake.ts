/**
 * The server's half of the opening handshake (RFC 6455 §4.2), as a pure function: a request becomes an offer, or the
 * name of the rule that it breaks.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Limits } from "../base/limits.ts";
import { fault, ok, type Result } from "../base/result.ts";
import type { DeflateParameters } from "./deflate_negotiation.ts";
import {
  collectFields,
  type ExtensionOffer,
  hasToken,
  type HeaderFields,
  parseExtensions,
  parseUniqueTokens,
} from "./header_field.ts";
import type { HandshakeRuleName } from "./handshake_rules.ts";

/** What is judged of a request; `IncomingMessage` of `node:http` has this shape. */
export interface UpgradeRequest {
  /** The method, as it was sent. */
  readonly method?: string | undefined;
  /** The version behind `HTTP/`. */
  readonly httpVersion: string;
  /** The request target as it was sent. */
  readonly url?: string | undefined;
  /** Names and values of the header lines in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
}

/** A request that conforms to §4.2.1: the client asks for a WebSocket. Who it is, is another question. */
export interface UpgradeOffer {
  /** The path of the request target, as sent: absolute, without dot segments. */
  readonly path: string;
  /** What stood behind the `?`, without it; empty when there was none. */
  readonly query: string;
  /** The `Host` field. */
  readonly host: string;
  /** The `Origin` field; a browser always sends it, other clients seldom. */
  readonly origin: string | undefined;
  /** `Sec-WebSocket-Key`. */
  readonly key: string;
  /** The subprotocols that the client offers, in order of its preference. */
  readonly subprotocols: readonly string[];
  /** The extensions that the client offers, in order of its preference. */
  readonly extensions: readonly ExtensionOffer[];
  /** All fields of the request. */
  readonly fields: HeaderFields;
}

/** What a handshake came to, on either side. */
export interface Agreement {
  /** What the messages mean, if the server chose one of the client's subprotocols. */
  readonly subprotocol: string | undefined;
  /** How messages are compressed, if both sides want to. */
  readonly deflate: DeflateParameters | undefined;
}

/** The version that RFC 6455 defines, and the only one spoken here. */
export const WEBSOCKET_VERSION = "13";

/** §1.3: unlikely to be used by an endpoint that does not understand the protocol. */
const ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

// 16 bytes are 22 characters of base64, of which the last carries 2 bits; 4 would have to be zero.
const KEY = /^[A-Za-z0-9+/]{21}[AQgw]==$/;

const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]+)(?::[0-9]{1,5})?$/;

/** The limits on the fields of a request. */
export type HeaderLimits = Pick<Limits, "maxHeaderFields" | "maxHeaderBytes">;

/** Tells whether header lines are longer in all than they may be, in bytes: their text is Latin-1. */
export function areLonger(rawHeaders: readonly string[], maxBytes: number): boolean {
  let bytes = 0;
  for (const text of rawHeaders) bytes += text.length;
  return bytes > maxBytes;
}

/**
 * Judges a request to upgrade: the request line, what HTTP asks of the fields, what RFC 6455 asks of them.
 *
 * @param request From its raw header lines.
 * @param limits How many lines are looked at, and how long they may be in all.
 * @returns The offer, or the first rule that the request breaks.
 */
export function parseUpgrade(
  request: UpgradeRequest,
  limits: HeaderLimits,
): Result<UpgradeOffer, HandshakeRuleName> {
  // #region judged_in_order
  // 1. The request line.
  if (request.method !== "GET") return fault("method");
  // Stricter than §4.1: because HTTP/2 and later upgrade in other ways (RFC 8441), "2.0" on this wire is a lie.
  if (request.httpVersion !== "1.1") return fault("http_version");
  const target = parseTarget(request.url ?? "");
  if (target === undefined) return fault("request_target");
  // 2. What HTTP asks of the fields.
  if (request.rawHeaders.length > 2 * limits.maxHeaderFields) return fault("too_many_fields");
  if (areLonger(request.rawHeaders, limits.maxHeaderBytes)) return fault("fields_too_large");
  const fields = collectFields(request.rawHeaders);
  const host = onlyValue(fields, "host");
  if (host === undefined || !HOST.test(host)) return fault("host");
  // Runtimes disagree on where a body ends and the first frame begins, so no upgrade may have one.
  if (announcesBody(fields)) return fault("body");
  // 3. What RFC 6455 asks of the fields.
  if (!hasToken(fields.get("upgrade"), "websocket")) return fault("upgrade");
  if (!hasToken(fields.get("connection"), "upgrade")) return fault("connection");
  const versions = fields.get("sec-websocket-version") ?? [];
  if (versions.length > 1) return fault("version_repeated");
  if (versions[0] !== WEBSOCKET_VERSION) return fault("version");
  const key = onlyValue(fields, "sec-websocket-key");
  if (key === undefined || !KEY.test(key)) return fault("key");
  if ((fields.get("origin") ?? []).length > 1) return fault("origin");
  const subprotocols = parseUniqueTokens(fields.get("sec-websocket-protocol"));
  if (subprotocols === undefined) return fault("subprotocol");
  const extensions = parseExtensions(fields.get("sec-websocket-extensions"));
  if (extensions === undefined) return fault("extension");
  // #endregion
  return ok({ ...target, host, origin: fields.get("origin")?.[0], key, subprotocols, extensions, fields });
}

// #region accept_for
/**
 * Computes `Sec-WebSocket-Accept` (§4.2.2, step 5.4).
 *
 * @param key The `Sec-WebSocket-Key` of the request.
 * @returns The proof that the server read the request as a WebSocket handshake.
 */
export function acceptFor(key: string): string {
  return createHash("sha1").update(key + ACCEPT_GUID).digest("base64");
}
// #endregion

/**
 * Writes the 101 that completes the handshake (§4.2.2, step 5).
 *
 * @param key The `Sec-WebSocket-Key` of the request.
 * @param subprotocol One that the client offered, or `undefined`.
 * @param extension The answer to one that the client offered, or `undefined`.
 * @returns The head of the response, in ASCII.
 */
export function encodeSwitchingProtocols(
  key: string,
  subprotocol: string | undefined,
  extension: string | undefined,
): string {
  const chosen = subprotocol === undefined ? "" : `Sec-WebSocket-Protocol: ${subprotocol}\r\n`;
  const extended = extension === undefined ? "" : `Sec-WebSocket-Extensions: ${extension}\r\n`;
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
    `Sec-WebSocket-Accept: ${acceptFor(key)}\r\n${chosen}${extended}\r\n`;
}

/**
 * Takes a request target in origin form apart (RFC 9112 §3.2.1).
 *
 * `new URL` throws on `//`, and takes `//evil/ws` for the path `/ws` of another host. Here `//`, backslashes, fragments,
 * dot segments (also written `%2e`) and everything outside visible ASCII are refused.
 *
 * @param target As it was sent.
 * @returns Path and query, or `undefined` when it is no plain path.
 */
export function parseTarget(target: string): { path: string; query: string } | undefined {
  if (!target.startsWith("/") || target.startsWith("//")) return undefined;
  for (let i = 0; i < target.length; i++) {
    const code = target.charCodeAt(i);
    if (code <= 0x20 || code >= 0x7f || code === HASH || code === BACKSLASH) return undefined;
  }
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  if (path.split("/").some(isDotSegment)) return undefined;
  return { path, query: mark < 0 ? "" : target.slice(mark + 1) };
}

const HASH = 0x23;
const BACKSLASH = 0x5c;

function isDotSegment(segment: string): boolean {
  if (segment.length > 6) return false;
  const plain = segment.toLowerCase().replaceAll("%2e", ".");
  return plain === "." || plain === "..";
}

function onlyValue(fields: HeaderFields, name: string): string | undefined {
  const values = fields.get(name);
  return values?.length === 1 ? values[0] : undefined;
}

function announcesBody(fields: HeaderFields): boolean {
  const lengths = fields.get("content-length") ?? [];
  return fields.has("transfer-encoding") || lengths.some((length) => length !== "0");
}
