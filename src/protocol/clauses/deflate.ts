/**
 * What RFC 7692 asks of both sides when they agree on permessage-deflate, and use it.
 *
 * @module
 */

import type { Clauses } from "./clause.ts";

/** The clauses, in the order of the RFC. */
export const DEFLATE_CLAUSES: Clauses = {
  offer_names_extension: {
    section: "RFC 7692 §5",
    sentence:
      '… a client MUST include the extension name of the PMCE in the "Sec-WebSocket-Extensions" header field …',
    binds: "client",
    keptIn: ["src/protocol/deflate_negotiation.ts#deflateOffer"],
  },
  response_names_extension: {
    section: "RFC 7692 §5",
    sentence:
      'To accept the use of an offered PMCE, a server MUST include the extension name of the PMCE in the "Sec-WebSocket-Extensions" header field …',
    binds: "server",
    keptIn: ["src/protocol/deflate_negotiation.ts#acceptOffer"],
  },
  no_conflicting_extension: {
    section: "RFC 7692 §5",
    sentence:
      "A server MUST NOT accept a PMCE extension negotiation offer together with another extension if the PMCE will conflict with the extension on their use of the RSV1 bit.",
    binds: "server",
    note: "No other extension is ever accepted.",
    keptIn: ["src/protocol/deflate_negotiation.ts#acceptOffer"],
  },
  conflicting_extension_fails: {
    section: "RFC 7692 §5",
    sentence:
      "A client that received a response accepting a PMCE extension negotiation offer together with such an extension MUST _Fail the WebSocket Connection_.",
    binds: "client",
    judgedBy: ["RESPONSE_RULES.extension"],
    keptIn: ["src/protocol/deflate_negotiation.ts#checkDeflateResponse"],
  },
  invalid_response_fails: {
    section: "RFC 7692 §5",
    sentence:
      "If a server gives an invalid response, such as accepting a PMCE that the client did not offer, the client MUST _Fail the WebSocket Connection_.",
    binds: "client",
    judgedBy: ["RESPONSE_RULES.extension"],
    keptIn: ["src/protocol/deflate_negotiation.ts#checkDeflateResponse"],
  },
  agreed_procedure_used: {
    section: "RFC 7692 §5",
    sentence:
      'If a server responds with a valid PMCE element in the "Sec-WebSocket-Extensions" header and _the WebSocket Connection is established_, both endpoints MUST use the algorithm described in Section 6 and the message payload transformation procedure of the PMCE configured with the "agreed parameters" returned by the server to exchange messages.',
    binds: "both",
    keptIn: ["src/protocol/deflate.ts#Deflate"],
  },
  compressed_sending: {
    section: "RFC 7692 §6.1",
    sentence:
      "An endpoint MUST use the following algorithm to send a message in the form of a compressed message.",
    binds: "both",
    keptIn: ["src/protocol/frame_writer.ts#FrameWriter", "src/protocol/deflate.ts#Deflate"],
  },
  uncompressed_sending: {
    section: "RFC 7692 §6.1",
    sentence:
      "An endpoint MUST use the following algorithm to send a message in the form of an uncompressed message.",
    binds: "both",
    note: "As without the extension, with RSV1 0.",
    keptIn: ["src/protocol/frame_writer.ts#FrameWriter"],
  },
  compressed_receiving: {
    section: "RFC 7692 §6.2",
    sentence:
      "An endpoint MUST use the following algorithm to receive a message in the form of a compressed message.",
    binds: "both",
    keptIn: ["src/protocol/message.ts#MessageAssembler", "src/protocol/deflate.ts#Deflate"],
  },
  uncompressed_receiving: {
    section: "RFC 7692 §6.2",
    sentence:
      "An endpoint MUST use the following algorithm to receive a message in the form of an uncompressed message.",
    binds: "both",
    note: "As without the extension.",
    keptIn: ["src/protocol/message.ts#MessageAssembler"],
  },
  compressed_bit_fails: {
    section: "RFC 7692 §6.1",
    sentence: "An endpoint receiving such a frame MUST _Fail the WebSocket Connection_.",
    binds: "both",
    judgedBy: ["FRAME_RULES.compressed_bit"],
    keptIn: ["src/protocol/frame_decoder.ts#FrameDecoder.#parseHeader"],
  },
  bad_offer_declined: {
    section: "RFC 7692 §7",
    sentence:
      "A server MUST decline an extension negotiation offer for this extension if any of the following conditions are met: …",
    binds: "server",
    note:
      "The conditions: a parameter that is not defined for an offer, one with an invalid value, one named twice, or a configuration that we do not support. The next offer is tried; without one, the connection is not compressed.",
    keptIn: [
      "src/protocol/deflate_negotiation.ts#acceptOffer",
      "src/protocol/deflate_negotiation.ts#readParameters",
    ],
  },
  server_window_abnf: {
    section: "RFC 7692 §7.1.2.1",
    sentence:
      "This parameter has a decimal integer value without leading zeroes between 8 to 15, inclusive, indicating the base-2 logarithm of the LZ77 sliding window size, and MUST conform to the ABNF below.",
    binds: "both",
    reading: "stricter",
    note: "zlib has no window of 2^8 bytes for raw DEFLATE, so a server declines 8, as §7 lets it.",
    judgedBy: ["RESPONSE_RULES.deflate_parameters"],
    keptIn: ["src/protocol/deflate_negotiation.ts#PARAMETERS"],
  },
  client_window_abnf: {
    section: "RFC 7692 §7.1.2.2",
    sentence: "If a value is specified for this parameter, the value MUST conform to the ABNF below.",
    binds: "both",
    judgedBy: ["RESPONSE_RULES.deflate_parameters"],
    keptIn: ["src/protocol/deflate_negotiation.ts#PARAMETERS"],
  },
  client_window_only_when_offered: {
    section: "RFC 7692 §7.1.2.2",
    sentence:
      'If a received extension negotiation offer doesn\'t have the "client_max_window_bits" extension parameter, the corresponding extension negotiation response to the offer MUST NOT include the "client_max_window_bits" extension parameter.',
    binds: "server",
    judgedBy: ["RESPONSE_RULES.deflate_parameters"],
    keptIn: ["src/protocol/deflate_negotiation.ts#agreeTo"],
  },
  final_block_padded: {
    section: "RFC 7692 §7.2.1",
    sentence:
      'When any DEFLATE block with the "BFINAL" bit set to 1 doesn\'t end at a byte boundary, an endpoint MUST add minimal padding bits of 0 to make it end at a byte boundary.',
    binds: "both",
    reading: "not applicable",
    note: "We send no such block, and take what others send.",
  },
  tail_of_fragments_kept: {
    section: "RFC 7692 §7.2.1",
    sentence: "Note that for non-final fragments, the removal of 0x00 0x00 0xff 0xff MUST NOT be done.",
    binds: "both",
    reading: "not applicable",
    note: "We compress whole messages, and send each as one frame.",
  },
  server_starts_afresh: {
    section: "RFC 7692 §7.2.1",
    sentence:
      'If the "agreed parameters" contain the "server_no_context_takeover" extension parameter, the server MUST start compressing each new message with an empty LZ77 sliding window.',
    binds: "server",
    keptIn: ["src/protocol/deflate.ts#Deflate"],
  },
  client_starts_afresh: {
    section: "RFC 7692 §7.2.1",
    sentence:
      'If the "agreed parameters" contain the "client_no_context_takeover" extension parameter, the client MUST start compressing each new message with an empty LZ77 sliding window.',
    binds: "client",
    keptIn: ["src/protocol/deflate.ts#Deflate"],
  },
  server_window_kept: {
    section: "RFC 7692 §7.2.1",
    sentence:
      'If the "agreed parameters" contain the "server_max_window_bits" extension parameter with a value of w, the server MUST NOT use an LZ77 sliding window longer than the w-th power of 2 bytes to compress messages to send.',
    binds: "server",
    keptIn: ["src/protocol/deflate_compress.ts#compressAfter"],
  },
  client_window_kept: {
    section: "RFC 7692 §7.2.1",
    sentence:
      'If the "agreed parameters" contain the "client_max_window_bits" extension parameter with a value of w, the client MUST NOT use an LZ77 sliding window longer than the w-th power of 2 bytes to compress messages to send.',
    binds: "client",
    keptIn: ["src/protocol/deflate_compress.ts#compressAfter"],
  },
  client_takes_context_over: {
    section: "RFC 7692 §7.2.2",
    sentence:
      "Otherwise, the client MUST decompress each new message using the LZ77 sliding window used to process the last compressed message.",
    binds: "client",
    note: "Otherwise: when server_no_context_takeover is not agreed on.",
    keptIn: ["src/protocol/deflate.ts#Deflate"],
  },
  server_takes_context_over: {
    section: "RFC 7692 §7.2.2",
    sentence:
      "Otherwise, the server MUST decompress each new message using the LZ77 sliding window used to process the last compressed message.",
    binds: "server",
    note: "Otherwise: when client_no_context_takeover is not agreed on.",
    keptIn: ["src/protocol/deflate.ts#Deflate"],
  },
  hint_is_no_agreement: {
    section: "RFC 7692 §7.2.2",
    sentence:
      'Note that even if the client has included the "client_no_context_takeover" extension parameter in its offer, the server MUST decompress each new message using the LZ77 sliding window used to process the last compressed message if the "agreed parameters" don\'t contain the "client_no_context_takeover" extension parameter.',
    binds: "server",
    keptIn: ["src/protocol/deflate.ts#Deflate"],
  },
};
