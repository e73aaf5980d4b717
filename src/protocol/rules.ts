/**
 * One row per rule of RFC 6455 that this implementation enforces: the clause, its words, and what a breach leads to.
 * The table feeds the close codes, the refusals, the names of the tests and the documentation, so that none of them
 * can say something else than the others.
 *
 * @module
 */

/** A rule whose breach fails an open connection with a Close frame. */
export interface FrameRule {
  /** The section of RFC 6455. */
  readonly section: string;
  /** The sentence that binds, or what we add where the RFC leaves the choice to us. */
  readonly sentence: string;
  /** The status code of the Close frame that answers a breach (§7.4.1). */
  readonly closeCode: number;
  /** What the Close frame says to the peer: no finer than the peer can act on. */
  readonly reason: string;
}

/** A rule whose breach refuses the handshake with an HTTP status. */
export interface HandshakeRule {
  /** The section of RFC 6455, or of the HTTP RFC that it builds on. */
  readonly section: string;
  /** The sentence that binds. */
  readonly sentence: string;
  /** The HTTP status that answers a breach. */
  readonly status: 400 | 405 | 426 | 431;
}

/** What binds the frames and messages of an open connection. */
export const FRAME_RULES = {
  reserved_bits: {
    section: "§5.2",
    sentence: "MUST be 0 unless an extension is negotiated that defines meanings for non-zero values.",
    closeCode: 1002,
    reason: "Reserved bits must be 0",
  },
  reserved_opcode: {
    section: "§5.2",
    sentence:
      "If an unknown opcode is received, the receiving endpoint MUST _Fail the WebSocket Connection_.",
    closeCode: 1002,
    reason: "Unknown opcode",
  },
  mask_required: {
    section: "§5.1",
    sentence: "The server MUST close the connection upon receiving a frame that is not masked.",
    closeCode: 1002,
    reason: "Frames from a client must be masked",
  },
  mask_forbidden: {
    section: "§5.1",
    sentence: "A client MUST close a connection if it detects a masked frame.",
    closeCode: 1002,
    reason: "Frames from a server must not be masked",
  },
  length_minimal: {
    section: "§5.2",
    sentence: "Note that in all cases, the minimal number of bytes MUST be used to encode the length.",
    closeCode: 1002,
    reason: "Payload length is not encoded minimally",
  },
  length_top_bit: {
    section: "§5.2",
    sentence:
      "The following 8 bytes interpreted as a 64-bit unsigned integer (the most significant bit MUST be 0).",
    closeCode: 1002,
    reason: "Payload length has its top bit set",
  },
  control_length: {
    section: "§5.5",
    sentence: "All control frames MUST have a payload length of 125 bytes or less.",
    closeCode: 1002,
    reason: "Control frame is longer than 125 bytes",
  },
  control_fragmented: {
    section: "§5.5",
    sentence: "All control frames … MUST NOT be fragmented.",
    closeCode: 1002,
    reason: "Control frame is fragmented",
  },
  continuation_without_start: {
    section: "§5.4",
    sentence:
      "A fragmented message consists of a single frame with the FIN bit clear and an opcode other than 0, followed by zero or more frames with the FIN bit clear and the opcode set to 0.",
    closeCode: 1002,
    reason: "Continuation frame without a message to continue",
  },
  message_interleaved: {
    section: "§5.4",
    sentence:
      "The fragments of one message MUST NOT be interleaved between the fragments of another message unless an extension has been negotiated that can interpret the interleaving.",
    closeCode: 1002,
    reason: "New message inside a fragmented one",
  },
  utf8_message: {
    section: "§8.1",
    sentence:
      "When an endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream is not, in fact, a valid UTF-8 stream, that endpoint MUST _Fail the WebSocket Connection_.",
    closeCode: 1007,
    reason: "Text is not valid UTF-8",
  },
  utf8_close_reason: {
    section: "§5.5.1",
    sentence: "Following the 2-byte integer, the body MAY contain UTF-8-encoded data.",
    closeCode: 1007,
    reason: "Close reason is not valid UTF-8",
  },
  close_payload_length: {
    section: "§5.5.1",
    sentence:
      "If there is a body, the first two bytes of the body MUST be a 2-byte unsigned integer (in network byte order) representing a status code.",
    closeCode: 1002,
    reason: "Close payload of 1 byte",
  },
  close_code: {
    section: "§7.4",
    sentence:
      "1004, 1005, 1006 and 1015 MUST NOT be set as a status code in a Close control frame by an endpoint; 0-999 are not used, and 1000-2999 are reserved for definition by the protocol.",
    closeCode: 1002,
    reason: "Invalid status code in a Close frame",
  },
  compressed_bit: {
    section: "RFC 7692 §6.1",
    sentence:
      'An endpoint MUST NOT set the "Per-Message Compressed" bit of control frames and non-first fragments of a data message.',
    closeCode: 1002,
    reason: "Compressed bit on a frame that begins no message",
  },
  compressed_data: {
    section: "RFC 7692 §7.2.2",
    sentence: "Decompress the resulting data using DEFLATE.",
    closeCode: 1007,
    reason: "Compressed data is damaged",
  },
  message_too_big: {
    section: "§10.4",
    sentence:
      "Implementations … MUST protect themselves against exceeding … limits regarding the frame size or total message size after reassembly from multiple frames.",
    closeCode: 1009,
    reason: "Message is too big",
  },
  too_many_fragments: {
    section: "§10.4",
    sentence:
      "A malicious endpoint can try to exhaust its peer's memory … by sending … a long stream of small frames as a part of a fragmented message.",
    closeCode: 1008,
    reason: "Message has too many fragments",
  },
} as const;

/** What binds the request that opens a connection, judged by the server (§4.2.1). */
export const HANDSHAKE_RULES = {
  method: { section: "§4.1", sentence: "The method of the request MUST be GET.", status: 405 },
  http_version: { section: "§4.1", sentence: "The HTTP version MUST be at least 1.1.", status: 400 },
  too_many_fields: {
    section: "§10.4",
    sentence:
      "Implementations that have … limitations … MUST protect themselves against exceeding those limits.",
    status: 431,
  },
  request_target: {
    section: "§3",
    sentence:
      "Fragment identifiers are meaningless in the context of WebSocket URIs and MUST NOT be used on these URIs; the resource-name is an absolute path and an optional query.",
    status: 400,
  },
  host: { section: "§4.1", sentence: "The request MUST contain a |Host| header field.", status: 400 },
  body: {
    section: "§4.1",
    sentence: "The client MUST wait for a response from the server before sending any further data.",
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
    sentence: "The |Sec-WebSocket-Version| header field MUST NOT appear more than once in an HTTP request.",
    status: 400,
  },
  version: {
    section: "§4.2.2",
    sentence:
      "If this version does not match a version understood by the server, the server MUST abort the WebSocket handshake … and send … a |Sec-WebSocket-Version| header field.",
    status: 426,
  },
  key: {
    section: "§4.1",
    sentence:
      "The value of this header field MUST be a nonce consisting of a randomly selected 16-byte value that has been base64-encoded; it MUST NOT appear more than once (§11.3.1).",
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
      "The elements that comprise this value MUST be non-empty strings with characters in the range U+0021 to U+007E not including separator characters … and MUST all be unique strings.",
    status: 400,
  },
  extension: {
    section: "§9.1",
    sentence:
      "If a value is received by either the client or the server during negotiation that does not conform to the ABNF below, the recipient of such malformed data MUST immediately _Fail the WebSocket Connection_.",
    status: 400,
  },
} as const;

/** What binds the server's answer, judged by the client (§4.1). A breach fails the attempt to connect. */
export const RESPONSE_RULES = {
  status: {
    section: "§4.1",
    sentence:
      "If the status code received from the server is not 101, the client handles the response per HTTP procedures.",
  },
  upgrade: {
    section: "§4.1",
    sentence:
      'If the response lacks an |Upgrade| header field or it contains a value that is not an ASCII case-insensitive match for "websocket", the client MUST _Fail the WebSocket Connection_.',
  },
  connection: {
    section: "§4.1",
    sentence:
      'If the response lacks a |Connection| header field or it doesn\'t contain a token that is an ASCII case-insensitive match for "Upgrade", the client MUST _Fail the WebSocket Connection_.',
  },
  accept: {
    section: "§4.1",
    sentence:
      "If the response lacks a |Sec-WebSocket-Accept| header field or it contains another value than the expected one, the client MUST _Fail the WebSocket Connection_.",
  },
  extension: {
    section: "§4.1",
    sentence:
      "If the response includes a |Sec-WebSocket-Extensions| header field that indicates an extension not present in the client's handshake, the client MUST _Fail the WebSocket Connection_.",
  },
  deflate_parameters: {
    section: "RFC 7692 §7.1",
    sentence:
      "A client MUST _Fail the WebSocket Connection_ if the peer server accepted an extension negotiation offer for this extension with an extension negotiation response meeting any of the following conditions: …",
  },
  subprotocol: {
    section: "§4.1",
    sentence:
      "If the response includes a |Sec-WebSocket-Protocol| header field that indicates a subprotocol not present in the client's handshake, the client MUST _Fail the WebSocket Connection_.",
  },
} as const;

/** The name of a rule on frames and messages. */
export type FrameRuleName = keyof typeof FRAME_RULES;
/** The name of a rule on the client's request. */
export type HandshakeRuleName = keyof typeof HANDSHAKE_RULES;
/** The name of a rule on the server's answer. */
export type ResponseRuleName = keyof typeof RESPONSE_RULES;
