/**
 * One case of a handshake: a request and an answer that are valid, or nearly so.
 *
 * @module
 */

import { acceptFor, type UpgradeRequest } from "../../src/protocol/handshake.ts";
import type { ClientOffer, UpgradeResponse } from "../../src/protocol/client_handshake.ts";
import { DEFLATE_DEFAULTS } from "../../src/protocol/deflate_options.ts";
import type { Draw } from "./draw.ts";

/** What a server and a client are given to judge. */
export interface HandshakeCase {
  readonly request: UpgradeRequest;
  readonly response: UpgradeResponse;
  /** What the client sent whose answer is judged. */
  readonly key: string;
  readonly offer: ClientOffer;
}

type Field = readonly [name: string, value: string];

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";

const REQUEST: readonly Field[] = [
  ["Host", "example.com:8080"],
  ["Upgrade", "websocket"],
  ["Connection", "keep-alive, Upgrade"],
  ["Sec-WebSocket-Key", KEY],
  ["Sec-WebSocket-Version", "13"],
  ["Origin", "https://example.com"],
  ["Sec-WebSocket-Protocol", "chat, superchat"],
  ["Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits, x-other; a=1; b"],
];

const RESPONSE: readonly Field[] = [
  ["Upgrade", "websocket"],
  ["Connection", "Upgrade"],
  ["Sec-WebSocket-Accept", acceptFor(KEY)],
  ["Sec-WebSocket-Protocol", "chat"],
  ["Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits=12"],
];

/** Whole values, and pieces that are put into others. */
const VALUES: readonly string[] = [
  ...["", " ", "\t", ",", ";", "=", '"', "\\", "\0", "\x7f", "\xe9", "\ufeff", "a;b"],
  ...['a="b"', 'a="b,c"', '"\\b"'],
  ..."a 0 8 13 websocket upgrade WebSocket Upgrade chat chat,chat [::1] example.com null == .. %2e"
    .split(" "),
  ..."permessage-deflate server_max_window_bits=8 server_max_window_bits=10 client_max_window_bits"
    .split(" "),
  ...'client_max_window_bits="9" server_no_context_takeover client_no_context_takeover'
    .split(" "),
  ...[KEY, "dGhlIHNhbXBsZSBub25jZR=="],
];

/** What an extension is made of, and what it is not. */
const SOUP: readonly string[] = [...'ab1==;;, ""\\\t\xe9'];

const NAMES: readonly string[] = [
  ...REQUEST.map(([name]) => name),
  ..."Content-Length Transfer-Encoding Sec-WebSocket-Accept X-Other".split(" "),
];

const TARGETS: readonly string[] =
  "/ /ws /ws?token=1 * //evil/ws /a/../b /a/%2e%2E/b /a#b /a\\b http://a/ /\xe9 ?"
    .split(" ");

type Edit = (draw: Draw, fields: readonly Field[], at: number) => Field[];

const EDITS: readonly Edit[] = [
  (_, fields, at) => fields.toSpliced(at, 1),
  (_, fields, at) => fields.toSpliced(at, 0, fields[at] as Field),
  (draw, fields, at) => fields.toSpliced(at, 0, [draw.pick(NAMES), draw.pick(VALUES)]),
  (draw, fields, at) => withValue(fields, at, () => draw.pick(VALUES)),
  (draw, fields, at) => withValue(fields, at, (value) => spliced(draw, value)),
  (draw, fields, at) =>
    withValue(fields, at, (value) => `${value}${draw.pick([", ", ",", "; ", ";"])}${draw.pick(VALUES)}`),
  // The grammar of the last field is the richest.
  (draw, fields) => withValue(fields, fields.length - 1, () => soup(draw)),
];

/** Draws a case. */
export function drawHandshakeCase(draw: Draw): HandshakeCase {
  const request = {
    method: draw.chance(0.02) ? draw.pick(["POST", "get", ""]) : "GET",
    httpVersion: draw.chance(0.02) ? draw.pick(["1.0", "2.0", "", "1.10"]) : "1.1",
    url: draw.chance(0.2) ? spliced(draw, draw.pick(TARGETS)) : draw.pick(TARGETS.slice(0, 3)),
    rawHeaders: edited(draw, REQUEST),
  };
  const response = {
    statusCode: draw.chance(0.02) ? draw.pick([0, 100, 200, 401]) : 101,
    rawHeaders: edited(draw, RESPONSE),
  };
  const subprotocols = draw.pick([[], ["chat"], ["superchat", "chat"]]);
  return {
    request,
    response,
    key: KEY,
    offer: { subprotocols, deflate: draw.pick([undefined, DEFLATE_DEFAULTS]) },
  };
}

function edited(draw: Draw, valid: readonly Field[]): string[] {
  let fields = [...valid];
  for (
    let left = draw.pick([0, 1, 1, 2, 4]);
    left > 0 && fields.length > 0;
    left--
  ) {
    fields = draw.pick(EDITS)(draw, fields, draw.below(fields.length));
  }
  return fields.flat();
}

function withValue(
  fields: readonly Field[],
  at: number,
  change: (value: string) => string,
): Field[] {
  return fields.map(([name, value], i) => [name, i === at ? change(value) : value]);
}

/** Puts a piece in the place of up to two characters. */
function spliced(draw: Draw, text: string): string {
  const at = draw.between(0, text.length);
  return text.slice(0, at) + draw.pick(VALUES) + text.slice(at + draw.below(3));
}

/** What looks like a list of extensions from afar. */
function soup(draw: Draw): string {
  return Array.from({ length: draw.between(1, 8) }, () => draw.pick(SOUP)).join("");
}
