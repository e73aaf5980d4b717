/**
 * One row per rule on the opening handshake (RFC 6455 §4): what the server asks of a request, and the client of the
 * answer to it. The table feeds the refusals and the documentation, and each row has vectors that break it.
 *
 * @module
 */

import type { Rule } from "./rules.ts";

/** A rule whose breach refuses the handshake with an HTTP status. */
export interface HandshakeRule extends Rule {
  /** The HTTP status that answers a breach. */
  readonly status: 400 | 405 | 426 | 431;
}

/** What binds the request that opens a connection, judged by the server (§4.2.1). */
export const HANDSHAKE_RULES = {
  method: {
    section: "§4.1",
    sentence: "The method of the request MUST be GET, and the HTTP version MUST be at least 1.1.",
    status: 405,
  },
  http_version: {
    section: "§4.1",
    sentence: "The method of the request MUST be GET, and the HTTP version MUST be at least 1.1.",
    reading: "stricter",
    note: "It must be 1.1: HTTP/2 and later upgrade in other ways (RFC 8441).",
    status: 400,
  },
  too_many_fields: {
    section: "RFC 6585 §5",
    sentence:
      "The 431 status code indicates that the server is unwilling to process the request because its header fields are too large.",
    reading: "stricter",
    note: "Our own limit, maxHeaderFields; the RFCs set none.",
    status: 431,
  },
  fields_too_large: {
    section: "RFC 6585 §5",
    sentence:
      "The 431 status code indicates that the server is unwilling to process the request because its header fields are too large.",
    reading: "stricter",
    note: "Our own limit, maxHeaderBytes: names and values together. The RFCs set none.",
    status: 431,
  },
  request_target: {
    section: "§3",
    sentence:
      "Fragment identifiers are meaningless in the context of WebSocket URIs and MUST NOT be used on these URIs.",
    reading: "stricter",
    note:
      "The target must be an absolute path with an optional query, in visible ASCII, without a second slash at its beginning, backslashes and dot segments. The absolute form, which §4.1 allows, is for proxies.",
    status: 400,
  },
  host: {
    section: "§4.1",
    sentence:
      'The request MUST contain a |Host| header field whose value contains /host/ plus optionally ":" followed by /port/ (when not using the default port).',
    status: 400,
  },
  body: {
    section: "§4.1",
    sentence:
      "Once the client's opening handshake has been sent, the client MUST wait for a response from the server before sending any further data.",
    reading: "stricter",
    note:
      "Stricter in one way: a request that announces a body is refused, as runtimes disagree on where the body ends and the first frame begins. Looser in another: frames that come with the request are read after the 101, since nobody could tell them from later ones.",
    status: 400,
  },
  upgrade: {
    section: "§4.1",
    sentence:
      'The request MUST contain an |Upgrade| header field whose value MUST include the "websocket" keyword.',
    status: 400,
  },
  connection: {
    section: "§4.1",
    sentence:
      'The request MUST contain a |Connection| header field whose value MUST include the "Upgrade" token.',
    status: 400,
  },
  version_repeated: {
    section: "§11.3.5",
    sentence:
      "However, the |Sec-WebSocket-Version| header field MUST NOT appear more than once in an HTTP request.",
    status: 400,
  },
  version: {
    section: "§4.2.2",
    sentence:
      "If this version does not match a version understood by the server, the server MUST abort the WebSocket handshake described in this section and instead send an appropriate HTTP error code (such as 426 Upgrade Required) and a |Sec-WebSocket-Version| header field indicating the version(s) the server is capable of understanding.",
    status: 426,
  },
  key: {
    section: "§4.1",
    sentence:
      "The value of this header field MUST be a nonce consisting of a randomly selected 16-byte value that has been base64-encoded (see Section 4 of [RFC4648]).",
    reading: "stricter",
    note: "The bits of the last character that carry nothing must be 0, as in what an encoder writes.",
    status: 400,
  },
  origin: {
    section: "RFC 6454 §7.3",
    sentence: "The user agent MUST NOT include more than one Origin header field in any HTTP request.",
    status: 400,
  },
  subprotocol: {
    section: "§4.1",
    sentence:
      "The elements that comprise this value MUST be non-empty strings with characters in the range U+0021 to U+007E not including separator characters as defined in [RFC2616] and MUST all be unique strings.",
    status: 400,
  },
  extension: {
    section: "§9.1",
    sentence:
      "If a value is received by either the client or the server during negotiation that does not conform to the ABNF below, the recipient of such malformed data MUST immediately _Fail the WebSocket Connection_.",
    reading: "stricter",
    note: "Empty elements of the list, which HTTP lets a recipient ignore, are refused.",
    status: 400,
  },
} as const;

/** What binds the server's answer, judged by the client (§4.1). A breach fails the attempt to connect. */
export const RESPONSE_RULES = {
  status: {
    section: "§4.1",
    sentence:
      "If the status code received from the server is not 101, the client handles the response per HTTP [RFC2616] procedures.",
    note: "It rejects with the status; redirects are not followed, which §4.1 allows.",
  },
  upgrade: {
    section: "§4.1",
    sentence:
      'If the response lacks an |Upgrade| header field or the |Upgrade| header field contains a value that is not an ASCII case-insensitive match for the value "websocket", the client MUST _Fail the WebSocket Connection_.',
  },
  connection: {
    section: "§4.1",
    sentence:
      'If the response lacks a |Connection| header field or the |Connection| header field doesn\'t contain a token that is an ASCII case-insensitive match for the value "Upgrade", the client MUST _Fail the WebSocket Connection_.',
  },
  accept: {
    section: "§4.1",
    sentence:
      'If the response lacks a |Sec-WebSocket-Accept| header field or the |Sec-WebSocket-Accept| contains a value other than the base64-encoded SHA-1 of the concatenation of the |Sec-WebSocket-Key| (as a string, not base64-decoded) with the string "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" but ignoring any leading and trailing whitespace, the client MUST _Fail the WebSocket Connection_.',
    note: "White space around a value is gone before we see it: the HTTP parser drops it.",
  },
  extension: {
    section: "§4.1",
    sentence:
      "If the response includes a |Sec-WebSocket-Extensions| header field and this header field indicates the use of an extension that was not present in the client's handshake (the server has indicated an extension not requested by the client), the client MUST _Fail the WebSocket Connection_.",
  },
  deflate_parameters: {
    section: "RFC 7692 §7",
    sentence:
      "A client MUST _Fail the WebSocket Connection_ if the peer server accepted an extension negotiation offer for this extension with an extension negotiation response meeting any of the following conditions: …",
    note:
      "The conditions: a parameter that is not defined for a response, one with an invalid value, one named twice, or a configuration that we do not support.",
  },
  subprotocol: {
    section: "§4.1",
    sentence:
      "If the response includes a |Sec-WebSocket-Protocol| header field and this header field indicates the use of a subprotocol that was not present in the client's handshake (the server has indicated a subprotocol not requested by the client), the client MUST _Fail the WebSocket Connection_.",
  },
} as const;

/** The name of a rule on the client's request. */
export type HandshakeRuleName = keyof typeof HANDSHAKE_RULES;
/** The name of a rule on the server's answer. */
export type ResponseRuleName = keyof typeof RESPONSE_RULES;
