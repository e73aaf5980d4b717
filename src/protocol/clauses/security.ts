/**
 * What RFC 6455 §10 asks of both sides for the sake of security.
 *
 * @module
 */

import type { Clauses } from "./clause.ts";

/** The clauses, in the order of the RFC. */
export const SECURITY_CLAUSES: Clauses = {
  masking_key_per_frame: {
    section: "§10.3",
    sentence:
      "Clients MUST choose a new masking key for each frame, using an algorithm that cannot be predicted by end applications that provide data.",
    binds: "client",
    note: "All keys come from the random source of node:crypto; the tests can only show that they differ.",
    keptIn: ["src/io/client.ts#nextMaskingKey"],
  },
  payload_not_modifiable: {
    section: "§10.3",
    sentence:
      "It is also necessary that once the transmission of a frame from a client has begun, the payload (application-supplied data) of that frame must not be capable of being modified by the application.",
    binds: "client",
    note: "A client's payload is copied before it is masked.",
    keptIn: ["src/protocol/frame.ts#writeFrame"],
  },
  tls_supported: {
    section: "§10.6",
    sentence:
      "WebSocket implementations MUST support TLS and SHOULD employ it when communicating with their peers.",
    binds: "both",
    note: "A client by wss:, a server by node:https.",
    keptIn: ["src/io/client.ts#requestOf", "src/io/acceptor.ts#Acceptor.attach"],
  },
  data_validated: {
    section: "§10.7",
    sentence: "Incoming data MUST always be validated by both clients and servers.",
    binds: "both",
    keptIn: [
      "src/protocol/frame_decoder.ts#FrameDecoder.next",
      "src/protocol/message.ts#MessageAssembler.accept",
      "src/protocol/handshake.ts#parseUpgrade",
      "src/protocol/client_handshake.ts#checkUpgradeResponse",
    ],
  },
};
