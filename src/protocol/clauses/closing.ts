/**
 * What RFC 6455 §5.5.1 and §7 ask of whoever closes a connection, or fails it.
 *
 * @module
 */

import type { Clauses } from "./clause.ts";

/** The clauses, in the order of the RFC. */
export const CLOSING_CLAUSES: Clauses = {
  reason_not_shown: {
    section: "§5.5.1",
    sentence: "As the data is not guaranteed to be human readable, clients MUST NOT show it to end users.",
    binds: "client",
    note:
      "The client hands the reason to the program. The demo's page shows it to who tries the protocol out, as a part of it.",
    reading: "not applicable",
  },
  client_close_masked: {
    section: "§5.5.1",
    sentence: "Close frames sent from client to server must be masked as per Section 5.3.",
    binds: "client",
    judgedBy: ["FRAME_RULES.mask_required"],
    keptIn: ["src/protocol/protocol.ts#Protocol.#send"],
  },
  no_data_after_close: {
    section: "§5.5.1",
    sentence: "The application MUST NOT send any more data frames after sending a Close frame.",
    binds: "both",
    note: "What a peer sends behind its Close is not read.",
    keptIn: ["src/protocol/protocol.ts#Protocol.#send"],
  },
  close_answered: {
    section: "§5.5.1",
    sentence:
      "If an endpoint receives a Close frame and did not previously send a Close frame, the endpoint MUST send a Close frame in response.",
    binds: "both",
    keptIn: ["src/protocol/protocol.ts#Protocol.#closeReceived"],
  },
  tcp_closed_after_both: {
    section: "§5.5.1",
    sentence:
      "After both sending and receiving a Close message, an endpoint considers the WebSocket connection closed and MUST close the underlying TCP connection.",
    binds: "both",
    keptIn: ["src/io/socket_connection.ts#SocketConnection.#end"],
  },
  server_closes_tcp_at_once: {
    section: "§5.5.1",
    sentence:
      "The server MUST close the underlying TCP connection immediately; the client SHOULD wait for the server to close the connection but MAY close the connection at any time after sending and receiving a Close message, …",
    binds: "server",
    keptIn: ["src/io/linger.ts#endAndLinger"],
  },
  close_frame_sent: {
    section: "§7.1.2",
    sentence:
      "To _Start the WebSocket Closing Handshake_ with a status code (Section 7.4) /code/ and an optional close reason (Section 7.1.6) /reason/, an endpoint MUST send a Close control frame, as described in Section 5.5.1, whose status code is set to /code/ and whose close reason is set to /reason/.",
    binds: "both",
    keptIn: ["src/protocol/protocol.ts#Protocol.close", "src/protocol/close.ts#encodeClosePayload"],
  },
  client_fails: {
    section: "§7.1.7",
    sentence:
      "To do so, the client MUST _Close the WebSocket Connection_, and MAY report the problem to the user (which would be especially useful for developers) in an appropriate manner.",
    binds: "client",
    keptIn: ["src/protocol/protocol.ts#Protocol.#fail", "src/io/socket_connection.ts#SocketConnection.#end"],
  },
  server_fails: {
    section: "§7.1.7",
    sentence:
      "Similarly, to do so, the server MUST _Close the WebSocket Connection_, and SHOULD log the problem.",
    binds: "server",
    keptIn: ["src/protocol/protocol.ts#Protocol.#fail", "src/io/socket_connection.ts#SocketConnection.#end"],
  },
  nothing_read_after_failure: {
    section: "§7.1.7",
    sentence:
      "An endpoint MUST NOT continue to attempt to process data (including a responding Close frame) from the remote endpoint after being instructed to _Fail the WebSocket Connection_.",
    binds: "both",
    keptIn: ["src/protocol/protocol.ts#Protocol.receive"],
  },
  client_fails_handshake: {
    section: "§7.2.1",
    sentence: "To do so, the client MUST _Fail the WebSocket Connection_ as defined in Section 7.1.7.",
    binds: "client",
    keptIn: ["src/io/client.ts#connect"],
  },
  transport_lost: {
    section: "§7.2.1",
    sentence:
      "If at any point the underlying transport layer connection is unexpectedly lost, the client MUST _Fail the WebSocket Connection_.",
    binds: "client",
    keptIn: ["src/protocol/protocol.ts#Protocol.receiveEnd"],
  },
  server_aborts: {
    section: "§7.2.2",
    sentence: "To do so, the server MUST simply _Close the WebSocket Connection_ (Section 7.1.1).",
    binds: "server",
    keptIn: ["src/io/refusal.ts#refuse"],
  },
  code_1005_not_sent: {
    section: "§7.4.1",
    sentence:
      "1005 is a reserved value and MUST NOT be set as a status code in a Close control frame by an endpoint.",
    binds: "both",
    judgedBy: ["FRAME_RULES.close_code"],
    keptIn: ["src/protocol/close.ts#encodeClosePayload"],
  },
  code_1006_not_sent: {
    section: "§7.4.1",
    sentence:
      "1006 is a reserved value and MUST NOT be set as a status code in a Close control frame by an endpoint.",
    binds: "both",
    judgedBy: ["FRAME_RULES.close_code"],
    keptIn: ["src/protocol/close.ts#encodeClosePayload"],
  },
  code_1015_not_sent: {
    section: "§7.4.1",
    sentence:
      "1015 is a reserved value and MUST NOT be set as a status code in a Close control frame by an endpoint.",
    binds: "both",
    judgedBy: ["FRAME_RULES.close_code"],
    keptIn: ["src/protocol/close.ts#encodeClosePayload"],
  },
};
