/**
 * What RFC 6455 §5 and §6 ask of whoever sends and receives frames and messages.
 *
 * @module
 */

import type { Clauses } from "./clause.ts";

/** The clauses, in the order of the RFC; those on the Close frame are in closing.ts. */
export const FRAMING_CLAUSES: Clauses = {
  client_masks: {
    section: "§5.1",
    sentence:
      "To avoid confusing network intermediaries (such as intercepting proxies) and for security reasons that are further discussed in Section 10.3, a client MUST mask all frames that it sends to the server (see Section 5.3 for further details).",
    binds: "client",
    judgedBy: ["FRAME_RULES.mask_required"],
    keptIn: ["src/protocol/frame.ts#writeHeader"],
  },
  server_does_not_mask: {
    section: "§5.1",
    sentence: "A server MUST NOT mask any frames that it sends to the client.",
    binds: "server",
    judgedBy: ["FRAME_RULES.mask_forbidden"],
    keptIn: ["src/protocol/frame.ts#writeHeader"],
  },
  reserved_bits_fail: {
    section: "§5.2",
    sentence:
      "If a nonzero value is received and none of the negotiated extensions defines the meaning of such a nonzero value, the receiving endpoint MUST _Fail the WebSocket Connection_.",
    binds: "both",
    judgedBy: ["FRAME_RULES.reserved_bits"],
    keptIn: ["src/protocol/frame_decoder.ts#FrameDecoder.#parseHeader"],
  },
  extension_data_length: {
    section: "§5.2",
    sentence:
      'Any extension MUST specify the length of the "Extension data", or how that length may be calculated, and how the extension use MUST be negotiated during the opening handshake.',
    binds: "extension",
    reading: "not applicable",
    note: "It binds who defines an extension; permessage-deflate has no extension data.",
  },
  reserved_bits_abnf: {
    section: "§5.2",
    sentence: "1 bit in length, MUST be 0 unless negotiated otherwise",
    binds: "both",
    note: "In the ABNF, for each of the three bits.",
    judgedBy: ["FRAME_RULES.reserved_bits"],
    keptIn: ["src/protocol/frame.ts#writeHeader"],
  },
  mask_bit: {
    section: "§5.3",
    sentence: "A masked frame MUST have the field frame-masked set to 1, as defined in Section 5.2.",
    binds: "client",
    judgedBy: ["FRAME_RULES.mask_required"],
    keptIn: ["src/protocol/frame.ts#writeHeader"],
  },
  fresh_masking_key: {
    section: "§5.3",
    sentence:
      "When preparing a masked frame, the client MUST pick a fresh masking key from the set of allowed 32-bit values.",
    binds: "client",
    keptIn: ["src/io/client.ts#nextMaskingKey"],
  },
  unpredictable_masking_key: {
    section: "§5.3",
    sentence:
      "The masking key needs to be unpredictable; thus, the masking key MUST be derived from a strong source of entropy, and the masking key for a given frame MUST NOT make it simple for a server/proxy to predict the masking key for a subsequent frame.",
    binds: "client",
    note:
      "All keys come from the random source of node:crypto. No test could tell a good source from a bad one: the tests show that keys differ.",
    keptIn: ["src/io/client.ts#nextMaskingKey"],
  },
  fragments_in_order: {
    section: "§5.4",
    sentence: "Message fragments MUST be delivered to the recipient in the order sent by the sender.",
    binds: "both",
    keptIn: ["src/protocol/message.ts#MessageAssembler.accept"],
  },
  control_inside_a_message: {
    section: "§5.4",
    sentence: "An endpoint MUST be capable of handling control frames in the middle of a fragmented message.",
    binds: "both",
    keptIn: ["src/protocol/message.ts#MessageAssembler.#acceptControl"],
  },
  both_kinds_of_message: {
    section: "§5.4",
    sentence: "Clients and servers MUST support receiving both fragmented and unfragmented messages.",
    binds: "both",
    keptIn: ["src/protocol/message.ts#MessageAssembler.accept"],
  },
  control_not_refragmented: {
    section: "§5.4",
    sentence:
      "As control frames cannot be fragmented, an intermediary MUST NOT attempt to change the fragmentation of a control frame.",
    binds: "intermediary",
    reading: "not applicable",
    note: "This is an endpoint.",
  },
  reserved_bits_not_refragmented: {
    section: "§5.4",
    sentence:
      "An intermediary MUST NOT change the fragmentation of a message if any reserved bit values are used and the meaning of these values is not known to the intermediary.",
    binds: "intermediary",
    reading: "not applicable",
    note: "This is an endpoint.",
  },
  extensions_not_refragmented: {
    section: "§5.4",
    sentence:
      "An intermediary MUST NOT change the fragmentation of any message in the context of a connection where extensions have been negotiated and the intermediary is not aware of the semantics of the negotiated extensions.",
    binds: "intermediary",
    reading: "not applicable",
    note: "This is an endpoint.",
  },
  unseen_not_refragmented: {
    section: "§5.4",
    sentence:
      "Similarly, an intermediary that didn't see the WebSocket handshake (and wasn't notified about its content) that resulted in a WebSocket connection MUST NOT change the fragmentation of any message of such connection.",
    binds: "intermediary",
    reading: "not applicable",
    note: "This is an endpoint.",
  },
  type_of_fragments: {
    section: "§5.4",
    sentence:
      "Since control frames cannot be fragmented, the type for all fragments in a message MUST be either text, binary, or one of the reserved opcodes.",
    binds: "both",
    judgedBy: [
      "FRAME_RULES.control_fragmented",
      "FRAME_RULES.message_interleaved",
      "FRAME_RULES.reserved_opcode",
    ],
    keptIn: ["src/protocol/frame.ts#writeHeader"],
  },
  pong_for_ping: {
    section: "§5.5.2",
    sentence:
      "Upon receipt of a Ping frame, an endpoint MUST send a Pong frame in response, unless it already received a Close frame.",
    binds: "both",
    note:
      "To a peer that does not read, only the latest ping is answered, once it reads again, as §5.5.3 allows.",
    keptIn: ["src/protocol/protocol.ts#Protocol.#pinged"],
  },
  pong_same_data: {
    section: "§5.5.3",
    sentence:
      'A Pong frame sent in response to a Ping frame must have identical "Application data" as found in the message body of the Ping frame being replied to.',
    binds: "both",
    keptIn: ["src/protocol/protocol.ts#Protocol.#pongTo"],
  },
  text_is_utf8: {
    section: "§5.6",
    sentence:
      "Note that a particular text frame might include a partial UTF-8 sequence; however, the whole message MUST contain valid UTF-8.",
    binds: "both",
    reading: "looser",
    note:
      "A string cannot be anything else. For bytes that it sends as text, the caller answers: an echo's have been judged when they came, and judging all of them again would cost every sender.",
    judgedBy: ["FRAME_RULES.utf8_message"],
    keptIn: ["src/protocol/frame.ts#writeTextFrame"],
  },
  extensions_negotiated: {
    section: "§5.8",
    sentence:
      "The endpoints of a connection MUST negotiate the use of any extensions during the opening handshake.",
    binds: "both",
    judgedBy: ["FRAME_RULES.reserved_bits", "FRAME_RULES.reserved_opcode"],
    keptIn: ["src/protocol/handshake.ts#parseUpgrade"],
  },
  steps_of_sending: {
    section: "§6.1",
    sentence:
      "To _Send a WebSocket Message_ comprising of /data/ over a WebSocket connection, an endpoint MUST perform the following steps.",
    binds: "both",
    keptIn: ["src/protocol/protocol.ts#Protocol.sendText", "src/protocol/protocol.ts#Protocol.sendBytes"],
  },
  sends_only_when_open: {
    section: "§6.1",
    sentence:
      "The endpoint MUST ensure the WebSocket connection is in the OPEN state (cf. Sections 4.1 and 4.2.2.)",
    binds: "both",
    keptIn: ["src/protocol/protocol.ts#Protocol.#send"],
  },
  state_changes_while_sending: {
    section: "§6.1",
    sentence:
      "If at any point the state of the WebSocket connection changes, the endpoint MUST abort the following steps.",
    binds: "both",
    note: "A message is one frame, written at once, so the state cannot change in between.",
    keptIn: ["src/protocol/protocol.ts#Protocol.#send"],
  },
  data_in_a_frame: {
    section: "§6.1",
    sentence: "An endpoint MUST encapsulate the /data/ in a WebSocket frame as defined in Section 5.2.",
    binds: "both",
    keptIn: ["src/protocol/frame.ts#writeFrame", "src/protocol/frame.ts#writeTextFrame"],
  },
  opcode_of_first_frame: {
    section: "§6.1",
    sentence:
      "The opcode (frame-opcode) of the first frame containing the data MUST be set to the appropriate value from Section 5.2 for data that is to be interpreted by the recipient as text or binary data.",
    binds: "both",
    keptIn: ["src/protocol/protocol.ts#Protocol.sendBytes"],
  },
  fin_of_last_frame: {
    section: "§6.1",
    sentence:
      "The FIN bit (frame-fin) of the last frame containing the data MUST be set to 1 as defined in Section 5.2.",
    binds: "both",
    keptIn: ["src/protocol/frame.ts#writeHeader"],
  },
  client_frames_masked: {
    section: "§6.1",
    sentence:
      "If the data is being sent by the client, the frame(s) MUST be masked as defined in Section 5.3.",
    binds: "client",
    judgedBy: ["FRAME_RULES.mask_required"],
    keptIn: ["src/protocol/frame.ts#writeFrame", "src/protocol/frame.ts#writeTextFrame"],
  },
  frames_transmitted: {
    section: "§6.1",
    sentence:
      "The frame(s) that have been formed MUST be transmitted over the underlying network connection.",
    binds: "both",
    keptIn: ["src/io/socket_writer.ts#SocketWriter.flush"],
  },
  parsed_as_frames: {
    section: "§6.2",
    sentence: "Incoming data MUST be parsed as WebSocket frames as defined in Section 5.2.",
    binds: "both",
    keptIn: ["src/protocol/frame_decoder.ts#FrameDecoder.next"],
  },
  control_frames_handled: {
    section: "§6.2",
    sentence:
      "If a control frame (Section 5.5) is received, the frame MUST be handled as defined by Section 5.5.",
    binds: "both",
    keptIn: ["src/protocol/protocol.ts#Protocol.#control"],
  },
  type_noted: {
    section: "§6.2",
    sentence:
      "Upon receiving a data frame (Section 5.6), the endpoint MUST note the /type/ of the data as defined by the opcode (frame-opcode) from Section 5.2.",
    binds: "both",
    keptIn: ["src/protocol/message.ts#MessageAssembler.#beginFragment"],
  },
  next_message: {
    section: "§6.2",
    sentence: "Subsequent data frames MUST be interpreted as belonging to a new WebSocket message.",
    binds: "both",
    keptIn: ["src/protocol/message.ts#MessageAssembler.#complete"],
  },
  server_unmasks: {
    section: "§6.2",
    sentence:
      "A server MUST remove masking for data frames received from a client as described in Section 5.3.",
    binds: "server",
    keptIn: ["src/protocol/frame_decoder.ts#FrameDecoder.#readPayload"],
  },
};
