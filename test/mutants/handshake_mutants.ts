/**
 * Mutants of the opening handshake: what a careless reading of header fields lets through.
 *
 * @module
 */

import type { Mutant } from "./mutants.ts";

/** In header_field.ts, handshake.ts and client_handshake.ts. */
export const HANDSHAKE_MUTANTS: readonly Mutant[] = [
  {
    file: "protocol/request_head.ts",
    from: "if (!isToken(name) || !isFieldValue(value)) return undefined;",
    to: "if (!isFieldValue(value)) return undefined;",
    wrong: "takes a name that is no token, as one that goes on with the line before",
  },
  {
    file: "protocol/request_head.ts",
    from: "if (!isToken(name) || !isFieldValue(value)) return undefined;",
    to: "if (!isToken(name)) return undefined;",
    wrong: "takes a bare line feed for a part of a value",
  },
  {
    file: "protocol/request_head.ts",
    from: "if (!asksFor.connection || !asksFor.upgrade) return undefined;",
    to: "if (!asksFor.upgrade) return undefined;",
    wrong: "takes an upgrade away from node:http that asks for none",
  },
  {
    file: "protocol/request_head.ts",
    from: 'if (known === "content-length" || known === "transfer-encoding") return undefined;',
    to: "",
    wrong: "judges a length that node:http judges otherwise",
  },
  {
    file: "protocol/request_head.ts",
    from: "bytes: end + 4 }",
    to: "bytes: end + 2 }",
    wrong: "hands the end of the head on as frames",
  },
  {
    file: "protocol/request_head.ts",
    from: "Math.min(bytes.length, MAX_HEAD_BYTES)",
    to: "bytes.length",
    wrong: "reads a head of any length",
  },
  {
    file: "protocol/header_field.ts",
    from: "else values.push(value);",
    to: "",
    wrong: "sees the first of repeated fields alone",
  },
  {
    file: "protocol/header_field.ts",
    from: 'value.split(",").some((element) => trimSpace(element).toLowerCase() === token)',
    to: "value.toLowerCase().includes(token)",
    wrong: "takes `notwebsocket` for the token `websocket`",
  },
  {
    file: "protocol/header_field.ts",
    from: 'value.split(",").some((element) => trimSpace(element).toLowerCase() === token)',
    to: "value.toLowerCase() === token",
    wrong: "does not find a token in a list",
  },
  {
    file: "protocol/header_field.ts",
    from: "return new Set(tokens).size === tokens.length ? tokens : undefined;",
    to: "return tokens;",
    wrong: "takes a subprotocol that is offered twice",
  },
  {
    file: "protocol/header_field.ts",
    from: "(code < 0x20 && code !== 0x09) || code === 0x7f || code > 0xff",
    to: "code === 0x0a || code === 0x0d",
    wrong: "lets control characters into a field",
  },
  {
    file: "protocol/header_field.ts",
    from: "if (!isToken(name)) return undefined;",
    to: "",
    wrong: "takes an extension without a name",
  },
  {
    file: "protocol/header_field.ts",
    from: "if (!isToken(parameter) || (value !== undefined && !isToken(value))) return undefined;",
    to: "if (!isToken(parameter)) return undefined;",
    wrong: "takes a parameter whose value is no token",
  },
  {
    file: "protocol/header_field.ts",
    from: 'if (text[i] === "\\\\") i++;',
    to: "",
    wrong: "keeps the backslashes of a quoted string",
  },
  {
    file: "protocol/header_field.ts",
    from: "else if (character === separator && !quoted) {",
    to: "else if (character === separator) {",
    wrong: "splits inside a quoted string",
  },
  {
    file: "protocol/header_field.ts",
    from: "return code === 0x20 || code === 0x09;",
    to: "return code <= 0x20 || code === 0xa0;",
    wrong: "takes what only looks like white space for it",
  },
  {
    file: "protocol/handshake.ts",
    from: 'if (areLonger(request.rawHeaders, limits.maxHeaderBytes)) return fault("fields_too_large");',
    to: "",
    wrong: "reads fields of any length",
  },
  {
    file: "protocol/handshake.ts",
    from: 'if (request.httpVersion !== "1.1") return fault("http_version");',
    to: 'if (request.httpVersion < "1.1") return fault("http_version");',
    wrong: "takes HTTP/2 for HTTP/1.1",
  },
  {
    file: "protocol/handshake.ts",
    from: 'if ((fields.get("origin") ?? []).length > 1) return fault("origin");',
    to: "",
    wrong: "judges the first of two origins",
  },
  {
    file: "protocol/handshake.ts",
    from: '|| target.startsWith("//")',
    to: "",
    wrong: "takes `//evil/ws` for a path of this host",
  },
  {
    file: "protocol/handshake.ts",
    from: 'const plain = segment.toLowerCase().replaceAll("%2e", ".");',
    to: "const plain = segment;",
    wrong: "takes dot segments written `%2e`",
  },
  {
    file: "protocol/handshake.ts",
    from: "return values?.length === 1 ? values[0] : undefined;",
    to: "return values?.[0];",
    wrong: "takes the first of two Host fields or keys",
  },
  {
    file: "protocol/handshake.ts",
    from: 'fields.has("transfer-encoding") || ',
    to: "",
    wrong: "takes a chunked body",
  },
  {
    file: "protocol/handshake.ts",
    from: 'if (host === undefined || !HOST.test(host)) return fault("host");',
    to: 'if (host === undefined) return fault("host");',
    wrong: "takes any text for a host",
  },
  {
    file: "protocol/client_handshake.ts",
    from: 'if (response.statusCode !== 101) return fault("status");',
    to: "",
    wrong: "takes any status for a switch of protocols",
  },
  {
    file: "protocol/client_handshake.ts",
    from: "accept?.length !== 1 || ",
    to: "accept === undefined || ",
    wrong: "takes a second proof beside the right one",
  },
  {
    file: "protocol/client_handshake.ts",
    from: "chosen.length !== 1 || ",
    to: "",
    wrong: "takes two subprotocols",
  },
];
