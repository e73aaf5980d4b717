/**
 * What RFC 6455 §4.2 to §4.4, §9 and §11.3 ask of a server that answers an opening handshake, and of both sides where
 * extensions are agreed on.
 *
 * @module
 */

import type { Clauses } from "./clause.ts";

/** The clauses, in the order of the RFC. */
export const SERVER_OPENING_CLAUSES: Clauses = {
  request_nonconforming: {
    section: "§4.2.1",
    sentence:
      "If the server, while reading the handshake, finds that the client did not send a handshake that matches the description below …, the server MUST stop processing the client's handshake and return an HTTP response with an appropriate error code (such as 400 Bad Request).",
    binds: "server",
    keptIn: ["src/protocol/handshake.ts#parseUpgrade", "src/io/refusal.ts#refuse"],
  },
  completes: {
    section: "§4.2.2",
    sentence:
      "When a client establishes a WebSocket connection to a server, the server MUST complete the following steps to accept the connection and send the server's opening handshake.",
    binds: "server",
    keptIn: ["src/io/acceptor.ts#Acceptor.handleUpgrade"],
  },
  server_tls_tunnel: {
    section: "§4.2.2",
    sentence:
      "If the connection is happening on an HTTPS (HTTP-over-TLS) port, perform a TLS handshake over the connection. … otherwise, all further communication for the connection (including the server's handshake) MUST run through the encrypted tunnel [RFC5246].",
    binds: "server",
    note:
      "TLS is that of the node:https server to which an acceptor is attached; it only ever writes to the socket that it is given.",
    keptIn: ["src/io/acceptor.ts#Acceptor.attach"],
  },
  origin_refused: {
    section: "§4.2.2",
    sentence:
      "If the server does not wish to accept this connection, it MUST return an appropriate HTTP error code (e.g., 403 Forbidden) and abort the WebSocket handshake described in this section.",
    binds: "server",
    keptIn: ["src/io/refusal.ts#REFUSALS"],
  },
  not_available: {
    section: "§4.2.2",
    sentence:
      "If the requested service is not available, the server MUST send an appropriate HTTP error code (such as 404 Not Found) and abort the WebSocket handshake.",
    binds: "server",
    keptIn: ["src/io/refusal.ts#REFUSALS"],
  },
  subprotocol_of_the_client: {
    section: "§4.2.2",
    sentence:
      "The value chosen MUST be derived from the client's handshake, specifically by selecting one of the values from the |Sec-WebSocket-Protocol| field that the server is willing to use for this connection (if any).",
    binds: "server",
    judgedBy: ["RESPONSE_RULES.subprotocol"],
    keptIn: ["src/io/acceptor.ts#Acceptor.#complete"],
  },
  subprotocol_not_agreed: {
    section: "§4.2.2",
    sentence:
      "The absence of such a field is equivalent to the null value (meaning that if the server does not wish to agree to one of the suggested subprotocols, it MUST NOT send back a |Sec-WebSocket-Protocol| header field in its response).",
    binds: "server",
    judgedBy: ["RESPONSE_RULES.subprotocol"],
    keptIn: ["src/protocol/handshake.ts#encodeSwitchingProtocols"],
  },
  extension_of_the_client: {
    section: "§4.2.2",
    sentence:
      "If the server supports multiple extensions, then the value MUST be derived from the client's handshake, specifically by selecting one or more of the values from the |Sec-WebSocket-Extensions| field.",
    binds: "server",
    reading: "not applicable",
    note: "One extension is supported at most.",
  },
  extension_not_listed: {
    section: "§4.2.2",
    sentence: "Extensions not listed by the client MUST NOT be listed.",
    binds: "server",
    judgedBy: ["RESPONSE_RULES.extension"],
    keptIn: ["src/protocol/handshake.ts#encodeSwitchingProtocols"],
  },
  valid_response: {
    section: "§4.2.2",
    sentence:
      "If the server chooses to accept the incoming connection, it MUST reply with a valid HTTP response indicating the following.",
    binds: "server",
    judgedBy: [
      "RESPONSE_RULES.status",
      "RESPONSE_RULES.upgrade",
      "RESPONSE_RULES.connection",
      "RESPONSE_RULES.accept",
    ],
    keptIn: ["src/protocol/handshake.ts#encodeSwitchingProtocols"],
  },
  quoted_value_is_a_token: {
    section: "§4.3",
    sentence:
      "When using the quoted-string syntax variant, the value after quoted-string unescaping MUST conform to the 'token' ABNF.",
    binds: "both",
    note: "Again in §9.1.",
    judgedBy: ["HANDSHAKE_RULES.extension"],
    keptIn: ["src/protocol/header_field.ts#parseExtensions"],
  },
  versions_told: {
    section: "§4.4",
    sentence:
      "If the server doesn't support the requested version, it MUST respond with a |Sec-WebSocket-Version| header field (or multiple |Sec-WebSocket-Version| header fields) containing all versions it is willing to use.",
    binds: "server",
    keptIn: ["src/io/refusal.ts#REFUSALS"],
  },
  extension_not_requested: {
    section: "§9",
    sentence: "A server MUST NOT respond with any extension not requested by the client.",
    binds: "server",
    judgedBy: ["RESPONSE_RULES.extension"],
    keptIn: ["src/protocol/handshake.ts#encodeSwitchingProtocols"],
  },
  extension_parameters_chosen: {
    section: "§9",
    sentence:
      "If extension parameters are included in negotiations between the client and the server, those parameters MUST be chosen in accordance with the specification of the extension to which the parameters apply.",
    binds: "both",
    note: "See the chapter on RFC 7692.",
    judgedBy: ["RESPONSE_RULES.deflate_parameters"],
    keptIn: [
      "src/protocol/deflate_negotiation.ts#agreeTo",
      "src/protocol/deflate_negotiation.ts#deflateOffer",
    ],
  },
  extension_registered: {
    section: "§9.1",
    sentence: "Any extension-token used MUST be a registered token (see Section 11.4).",
    binds: "both",
    note:
      "The only one that we use is permessage-deflate. What a client offers and we do not know is declined.",
    judgedBy: ["RESPONSE_RULES.extension"],
    keptIn: ["src/protocol/deflate_negotiation.ts#EXTENSION"],
  },
  extension_parameters_defined: {
    section: "§9.1",
    sentence: "The parameters supplied with any given extension MUST be defined for that extension.",
    binds: "both",
    note: "A server declines any other offer, as RFC 7692 §7 asks.",
    judgedBy: ["RESPONSE_RULES.deflate_parameters"],
    keptIn: ["src/protocol/deflate_negotiation.ts#readParameters"],
  },
  extension_only_when_agreed: {
    section: "§9.1",
    sentence:
      "Note that the client is only offering to use any advertised extensions and MUST NOT use them unless the server indicates that it wishes to use the extension.",
    binds: "client",
    judgedBy: ["FRAME_RULES.reserved_bits"],
    keptIn: ["src/protocol/frame_writer.ts#FrameWriter"],
  },
  key_once: {
    section: "§11.3.1",
    sentence: "The |Sec-WebSocket-Key| header field MUST NOT appear more than once in an HTTP request.",
    binds: "client",
    judgedBy: ["HANDSHAKE_RULES.key"],
    keptIn: ["src/io/client_options.ts#headersOf"],
  },
  extensions_once: {
    section: "§11.3.2",
    sentence:
      "However, the |Sec-WebSocket-Extensions| header field MUST NOT appear more than once in an HTTP response.",
    binds: "server",
    judgedBy: ["RESPONSE_RULES.extension"],
    keptIn: ["src/protocol/handshake.ts#encodeSwitchingProtocols"],
  },
  accept_once: {
    section: "§11.3.3",
    sentence: "The |Sec-WebSocket-Accept| header MUST NOT appear more than once in an HTTP response.",
    binds: "server",
    judgedBy: ["RESPONSE_RULES.accept"],
    keptIn: ["src/protocol/handshake.ts#encodeSwitchingProtocols"],
  },
  subprotocol_once: {
    section: "§11.3.4",
    sentence:
      "However, the |Sec-WebSocket-Protocol| header field MUST NOT appear more than once in an HTTP response.",
    binds: "server",
    judgedBy: ["RESPONSE_RULES.subprotocol"],
    keptIn: ["src/protocol/handshake.ts#encodeSwitchingProtocols"],
  },
};
