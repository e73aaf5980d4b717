/**
 * One row per rule that binds the frames and messages of an open connection (RFC 6455 §5 to §8 and §10.4, RFC 7692 §6
 * and §7): the clause, its words, and what a breach leads to. The table feeds the close codes and the documentation, and
 * each row has vectors that break it, so that none of them can say something else than the others.
 *
 * Rules on the handshake are in handshake_rules.ts; what the RFCs ask of us, and no peer can break, is in `clauses/`.
 *
 * @module
 */

/** How a rule compares with the sentence that it comes from. */
export type Reading = "as written" | "stricter" | "looser" | "not applicable";

/** A sentence of an RFC that a peer can break. */
export interface Rule {
  /** The section of RFC 6455, or of the RFC that is named. */
  readonly section: string;
  /** The words of the RFC, `…` for what is left out. */
  readonly sentence: string;
  /** Without it, the rule is applied as it is written. */
  readonly reading?: Reading;
  /** What we add to the sentence, or how we read it. */
  readonly note?: string;
}

/** A rule whose breach fails an open connection with a Close frame. */
export interface FrameRule extends Rule {
  /** The status code of the Close frame that answers a breach (§7.4.1). */
  readonly closeCode: number;
  /** What the Close frame says to the peer: no finer than the peer can act on. */
  readonly reason: string;
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
  // #region mask_rules
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
  // #endregion
  length_minimal: {
    section: "§5.2",
    sentence:
      "Note that in all cases, the minimal number of bytes MUST be used to encode the length, for example, the length of a 124-byte-long string can't be encoded as the sequence 126, 0, 124.",
    closeCode: 1002,
    reason: "Payload length is not encoded minimally",
  },
  length_top_bit: {
    section: "§5.2",
    sentence:
      "If 127, the following 8 bytes interpreted as a 64-bit unsigned integer (the most significant bit MUST be 0) are the payload length.",
    closeCode: 1002,
    reason: "Payload length has its top bit set",
  },
  control_length: {
    section: "§5.5",
    sentence:
      "All control frames MUST have a payload length of 125 bytes or less and MUST NOT be fragmented.",
    closeCode: 1002,
    reason: "Control frame is longer than 125 bytes",
  },
  control_fragmented: {
    section: "§5.4",
    sentence: "Control frames themselves MUST NOT be fragmented.",
    closeCode: 1002,
    reason: "Control frame is fragmented",
  },
  continuation_without_start: {
    section: "§5.4",
    sentence:
      "A fragmented message consists of a single frame with the FIN bit clear and an opcode other than 0, followed by zero or more frames with the FIN bit clear and the opcode set to 0, and terminated by a single frame with the FIN bit set and an opcode of 0.",
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
    note:
      "It is failed when the first invalid octet arrives, however much of the message is still to come. A compressed message can only be judged when it is complete.",
    closeCode: 1007,
    reason: "Text is not valid UTF-8",
  },
  utf8_close_reason: {
    section: "§5.5.1",
    sentence:
      "Following the 2-byte integer, the body MAY contain UTF-8-encoded data with value /reason/, the interpretation of which is not defined by this specification.",
    note: "What is not UTF-8 falls under §8.1.",
    closeCode: 1007,
    reason: "Close reason is not valid UTF-8",
  },
  close_payload_length: {
    section: "§5.5.1",
    sentence:
      "If there is a body, the first two bytes of the body MUST be a 2-byte unsigned integer (in network byte order) representing a status code with value /code/ defined in Section 7.4.",
    closeCode: 1002,
    reason: "Close payload of 1 byte",
  },
  close_code: {
    section: "§7.4.2",
    sentence:
      "Status codes in the range 1000-2999 are reserved for definition by this protocol, its future revisions, and extensions specified in a permanent and readily available public specification.",
    reading: "stricter",
    note:
      "Of that range, the codes that are registered with IANA and may be sent are taken: 1000 to 1003 and 1007 to 1014. 0 to 999 and everything from 5000 on is refused too.",
    closeCode: 1002,
    reason: "Invalid status code in a Close frame",
  },
  message_too_big: {
    section: "§10.4",
    sentence:
      "Implementations that have implementation- and/or platform-specific limitations regarding the frame size or total message size after reassembly from multiple frames MUST protect themselves against exceeding those limits.",
    note:
      "The limit is maxMessageBytes. It is applied to the declared length, before a byte is taken in. A compressed message may have an eighth more, and zlib stops where it would inflate beyond the limit, or beyond maxDecompressedBytes.",
    closeCode: 1009,
    reason: "Message is too big",
  },
  too_many_fragments: {
    section: "§10.4",
    sentence:
      "(For example, a malicious endpoint can try to exhaust its peer's memory or mount a denial-of-service attack by sending either a single big frame (e.g., of size 2**60) or by sending a long stream of small frames that are a part of a fragmented message.)",
    reading: "stricter",
    note: "The RFC limits bytes; maxFragments and maxEmptyFragments limit the work that a message may cost.",
    closeCode: 1008,
    reason: "Message has too many fragments",
  },
  too_many_control_frames: {
    section: "§5.5.3",
    sentence:
      "If an endpoint receives a Ping frame and has not yet sent Pong frame(s) in response to previous Ping frame(s), the endpoint MAY elect to send a Pong frame for only the most recently processed Ping frame.",
    reading: "stricter",
    note:
      "maxControlFramesPerSecond: each ping is answered, and whoever sends more than so many, pongs included, is not. The Close frame is not counted.",
    closeCode: 1008,
    reason: "Too many control frames",
  },
  compressed_bit: {
    section: "RFC 7692 §6.1",
    sentence:
      'An endpoint MUST NOT set the "Per-Message Compressed" bit of control frames and non-first fragments of a data message.',
    note: "The bit is RSV1, once permessage-deflate is agreed; without it, this is reserved_bits.",
    closeCode: 1002,
    reason: "Compressed bit on a frame that begins no message",
  },
  compressed_data: {
    section: "RFC 7692 §7.2.2",
    sentence:
      "An endpoint uses the following algorithm to decompress a message. … Decompress the resulting data using DEFLATE.",
    reading: "stricter",
    note:
      "A payload that does not decompress is data that does not fit its type (§7.4.1, 1007). Nor does one that ends inside a block, or has more than 8 last blocks (BFINAL) of its own, which the RFC does not bound.",
    closeCode: 1007,
    reason: "Compressed data is damaged",
  },
} as const;

/** The name of a rule on frames and messages. */
export type FrameRuleName = keyof typeof FRAME_RULES;
