/**
 * A request as it may be shown: its secrets are hidden, in every place in which they can be, whoever put them there.
 *
 * The naive way hides the `Authorization` field. But tokens also travel in cookies, subprotocols, query parameters and fields of
 * somebody's own, so here only what is known to hold none is shown: some fields, the names of cookies, parameters and fields, and the
 * segments of a path, where they are no longer than a name and have no long word in them.
 *
 * @module
 */

import { printable } from "../base/text.ts";
import { BEARER_SUBPROTOCOL_PREFIX, isBearerSubprotocol } from "./credential.ts";
import { hidden, mayHoldSecret } from "./seen_text.ts";

/** A request that may be shown: printable, bounded, without secrets. */
export interface SeenRequest {
  /** `GET /ws?ticket=[hidden, 22 characters] HTTP/1.1`. */
  readonly line: string;
  /** Names and values of its fields, as they were sent. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

/** The part of a request that is looked at; `IncomingMessage` of `node:http` has this shape. */
export interface RequestText {
  readonly method?: string | undefined;
  readonly httpVersion: string;
  readonly url?: string | undefined;
  /** Names and values of the header lines in turn. */
  readonly rawHeaders: readonly string[];
}

/** Fields whose values are shown: none of them can be a credential. `Sec-WebSocket-Key` is a nonce, and no secret (§11.3.1). */
const SHOWN: ReadonlySet<string> = new Set([
  "host",
  "upgrade",
  "connection",
  "origin",
  "user-agent",
  "accept",
  "accept-encoding",
  "accept-language",
  "cache-control",
  "pragma",
  "content-length",
  "sec-websocket-key",
  "sec-websocket-version",
  "sec-websocket-extensions",
  "sec-fetch-dest",
  "sec-fetch-mode",
  "sec-fetch-site",
]);

/** What of a request is known to hold no secret, besides what no request has one in. */
export interface ShownParts {
  /** The names of query parameters whose values are shown. */
  readonly parameters?: readonly string[] | undefined;
  /** The subprotocols that are spoken; another may be anybody's key. */
  readonly subprotocols?: readonly string[] | undefined;
}

/** Fields of which a part is shown. */
const PARTLY: Readonly<Record<string, (value: string, shown: ShownParts) => string>> = {
  "authorization": seeAuthorization,
  "cookie": (value) => value.split(";").map(seePair).join(";"),
  "sec-websocket-protocol": (value, { subprotocols = [] }) =>
    value.split(",").map((entry) => seeSubprotocol(entry, subprotocols)).join(","),
};

/** A value in which no other parameter can be: a URL that was put together carelessly has its second `?` in one. */
const PLAIN_VALUE = /^[\w.~-]*$/;

/** A name that is longer than this is none, but a secret in its place. */
const MAX_NAME_LENGTH = 40;

/** RFC 9110 §11.1: a scheme is a token; those that are in use are a word. */
const SCHEME = /^[A-Za-z][A-Za-z-]{0,20}$/;

/** How much is shown of a value, and of how many fields: a request may have as many as the limits let it. */
const MAX_SHOWN_LENGTH = 256;
const MAX_SHOWN_FIELDS = 64;

/**
 * Hides the secrets of a request.
 *
 * @param request As it came.
 * @param shown What of it holds no secret here.
 * @returns What may be shown of it.
 */
export function seeRequest(
  { method = "", httpVersion, url = "", rawHeaders }: RequestText,
  shown: ShownParts = {},
): SeenRequest {
  const fields = [];
  for (let i = 0; i + 1 < rawHeaders.length && fields.length < MAX_SHOWN_FIELDS; i += 2) {
    const name = rawHeaders[i] as string;
    const value = seeValue(name.toLowerCase(), rawHeaders[i + 1] as string, shown);
    fields.push({ name: printable(name), value });
  }
  return {
    line: `${printable(method)} ${seeTarget(url, shown.parameters ?? [])} HTTP/${printable(httpVersion)}`,
    fields,
  };
}

function seeTarget(url: string, shownParameters: readonly string[]): string {
  const mark = url.indexOf("?");
  const path = seePath(mark < 0 ? url : url.slice(0, mark));
  if (mark < 0) return printable(path, MAX_SHOWN_LENGTH);
  const isShown = (pair: string) =>
    shownParameters.some((name) =>
      pair.startsWith(`${name}=`) && PLAIN_VALUE.test(pair.slice(name.length + 1))
    );
  const pairs = url.slice(mark + 1).split("&").map((pair) => isShown(pair) ? pair : seePair(pair));
  return printable(`${path}?${pairs.join("&")}`, MAX_SHOWN_LENGTH);
}

/** Some put a token into the path, or a password in front of the host of a URL. */
function seePath(path: string): string {
  return path.split("/").map(seeSegment).join("/");
}

/** RFC 3986 §3.3: `;` and `=` set off the parameters of a segment. */
function seeSegment(segment: string): string {
  if (isNoName(segment) || segment.includes("@")) return hidden(segment);
  const end = segment.search(/[;=&#]/);
  return end < 0 ? segment : segment.slice(0, end + 1) + hidden(segment.slice(end + 1));
}

function seeValue(name: string, value: string, shown: ShownParts): string {
  if (SHOWN.has(name)) return printable(value, MAX_SHOWN_LENGTH);
  const partly = Object.hasOwn(PARTLY, name) ? PARTLY[name] : undefined;
  return partly === undefined ? hidden(value) : printable(partly(value, shown), MAX_SHOWN_LENGTH);
}

/** RFC 9110 §11.6.2: a scheme, then the credentials. */
function seeAuthorization(value: string): string {
  const space = value.indexOf(" ");
  const scheme = value.slice(0, Math.max(0, space));
  return SCHEME.test(scheme) ? `${scheme} ${hidden(value.slice(space + 1))}` : hidden(value);
}

/** A name and, hidden, its value; what has no name may be a value, and so may what has none: Base64 ends in one sign or two. */
function seePair(pair: string): string {
  const sign = pair.indexOf("=");
  const value = pair.slice(sign + 1);
  const isNamed = sign >= 0 && !isNoName(pair.slice(0, sign)) && value !== "" && value !== "=";
  return isNamed ? `${pair.slice(0, sign)}=${hidden(value)}` : hidden(pair);
}

function isNoName(text: string): boolean {
  return text.length > MAX_NAME_LENGTH || mayHoldSecret(text);
}

function seeSubprotocol(entry: string, spoken: readonly string[]): string {
  const name = entry.trim();
  const blank = entry.startsWith(" ") ? " " : "";
  if (isBearerSubprotocol(name)) {
    return `${blank}${BEARER_SUBPROTOCOL_PREFIX}${hidden(name.slice(BEARER_SUBPROTOCOL_PREFIX.length))}`;
  }
  return `${blank}${spoken.includes(name) ? name : hidden(name)}`;
}
