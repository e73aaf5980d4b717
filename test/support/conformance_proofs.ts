/**
 * The tests that show a clause to be kept, where no vector can: `file: words of the test's name`.
 *
 * @module
 */

const CLIENT = "test/io/client.test.ts: ";
const REQUEST = "test/io/client_request.test.ts: ";
const OPTIONS = "test/io/client_options.test.ts: ";
const REFUSALS = "test/io/client_refusals.test.ts: ";
const WIRE = "test/io/client_wire.test.ts: ";
const TLS = "test/io/client_tls.test.ts: ";
const ACCEPTOR = "test/io/acceptor.test.ts: ";
const HANDSHAKE = "test/io/acceptor_handshake.test.ts: ";
const REFUSED = "test/io/acceptor_refusals.test.ts: ";
const REFUSAL = "test/io/refusal.test.ts: ";
const TCP = "test/io/acceptor_tcp.test.ts: ";
const CONNECTION = "test/io/socket_connection.test.ts: ";
const END = "test/io/socket_connection_end.test.ts: ";
const FRAME = "test/protocol/frame.test.ts: ";
const PROTOCOL = "test/protocol/protocol.test.ts: ";
const CLOSE = "test/protocol/protocol_close.test.ts: ";
const FIELDS = "test/protocol/client_handshake.test.ts: upgradeFields() lists what §4.1 asks for";
const SWITCHING =
  "test/protocol/handshake.test.ts: acceptFor() and encodeSwitchingProtocols() answer as in §1.3";
const DEFLATE = "test/protocol/deflate.test.ts: ";
const NEGOTIATION = "test/protocol/deflate_negotiation.test.ts: ";
const COMPRESSED = "test/protocol/protocol_deflate.test.ts: ";
const AGREED = "test/io/deflate.test.ts: ";

const PLAIN_101 = `${HANDSHAKE}Acceptor answers a handshake with exactly the fields of a 101`;
const OWN_KEYS = `${WIRE}masks each frame with a key of its own`;
const MASK_BIT = `${FRAME}puts mask bit and key into the header of a client's`;
const OWN_REQUEST =
  `${REQUEST}asks for the path and query of the URL with GET and HTTP/1.1, and with a key of its own`;
const ROUND_TRIP = `${CLIENT}carries messages of any size both ways`;

/** By the name of the clause. */
export const PROOFS: Readonly<Record<string, readonly string[]>> = {
  hash_escaped: [`${OPTIONS}parseUrl() throws for`, OWN_REQUEST],
  establishes: [`${CLIENT}sends the token and further fields, and agrees on a subprotocol`],
  uri_valid: [`${OPTIONS}parseUrl() throws for`, `${OPTIONS}parseUrl() takes`],
  uri_invalid: [`${OPTIONS}parseUrl() throws for`],
  connection_failed: [`${REFUSALS}nothing at all: nobody listens`, `${REFUSALS}a reset`],
  tls_first: [`${REQUEST}names the host in the TLS handshake before it sends anything else`],
  tls_failed: [`${TLS}rejects a certificate that nobody vouches for`],
  tls_tunnel: [`${TLS}carries messages, when it is told whom to trust`],
  tls_server_name: [`${REQUEST}names the host in the TLS handshake before it sends anything else`],
  sends_handshake: [OWN_REQUEST],
  valid_request: [`${OPTIONS}headersOf() throws for`, OWN_REQUEST],
  request_uri: [OWN_REQUEST],
  key_present: [FIELDS],
  key_random: [OWN_REQUEST],
  version_present: [FIELDS],
  version_13: [FIELDS],
  response_validated: [`${REFUSALS}connect() rejects, and gives the socket up, when the server answers with`],
  response_nonconforming: [
    `${REFUSALS}connect() rejects, and gives the socket up, when the server answers with`,
  ],
  host_to_ascii: [`${REQUEST}parseUrl() writes host and path in ASCII`],
  path_to_ascii: [`${REQUEST}parseUrl() writes host and path in ASCII`],

  request_nonconforming: [`${HANDSHAKE}Acceptor refuses with`, `${REFUSED}and nothing else`],
  completes: [PLAIN_101],
  server_tls_tunnel: [`${TLS}carries messages, when it is told whom to trust`],
  origin_refused: [`${REFUSED}and nothing else`, `${REFUSAL}encodeRefusal() writes the whole response`],
  not_available: [`${REFUSED}and nothing else`, `${REFUSAL}encodeRefusal() writes the whole response`],
  subprotocol_of_the_client: [`${ACCEPTOR}Acceptor chooses the subprotocol by its own preference`],
  subprotocol_not_agreed: [PLAIN_101],
  extension_not_listed: [`${AGREED}and nothing when there is none`],
  valid_response: [PLAIN_101, SWITCHING],
  versions_told: [`${REFUSAL}encodeRefusal() writes the whole response`],
  extension_not_requested: [`${AGREED}and nothing when there is none`],
  extension_parameters_chosen: [`${NEGOTIATION}acceptOffer() answers`],
  extension_registered: [`${NEGOTIATION}passes over other extensions`],
  extension_parameters_defined: [`${NEGOTIATION}acceptOffer() declines`],
  extension_only_when_agreed: [`${AGREED}send all as it is when only one of them compresses`],
  key_once: [FIELDS],
  extensions_once: [`${AGREED}answers an offer of compression when it was told to compress`],
  accept_once: [PLAIN_101],
  subprotocol_once: [SWITCHING],

  client_masks: [OWN_KEYS, MASK_BIT],
  server_does_not_mask: [`${PROTOCOL}sends each kind of frame`],
  reserved_bits_abnf: [`${FRAME}with FIN and without reserved bits`],
  mask_bit: [MASK_BIT],
  fresh_masking_key: [OWN_KEYS],
  unpredictable_masking_key: [OWN_KEYS],
  type_of_fragments: [`${FRAME}with FIN and without reserved bits`],
  pong_for_ping: [
    "test/protocol/protocol_flow.test.ts: answers only the latest ping once the peer reads again",
  ],
  pong_same_data: [`${PROTOCOL}answers a ping of 125 bytes with all of them`],
  text_is_utf8: [`${FRAME}writes half a character as U+FFFD`],
  extensions_negotiated: [`${AGREED}send all as it is when only one of them compresses`],
  steps_of_sending: [`${PROTOCOL}sends each kind of frame`],
  sends_only_when_open: [`${CLOSE}reads nothing behind a Close, and sends nothing`],
  state_changes_while_sending: [`${CONNECTION}nothing once it is closing`],
  data_in_a_frame: [`${FRAME}writes a \${who}'s frame of \${size} bytes`],
  opcode_of_first_frame: [`${PROTOCOL}sends each kind of frame`],
  fin_of_last_frame: [`${FRAME}with FIN and without reserved bits`],
  client_frames_masked: [`${FRAME}writes a \${who}'s frame of \${size} bytes`, OWN_KEYS],
  frames_transmitted: [`${CONNECTION}what is sent in one turn in one write`, ROUND_TRIP],

  client_close_masked: [`${WIRE}closes with \${code} for \${name}`],
  no_data_after_close: [`${CLOSE}reads nothing behind a Close, and sends nothing`],
  close_answered: [`${CLOSE}echoes the code, not the reason, when the peer closes first`],
  tcp_closed_after_both: [`${END}when the peer closes with \${code}, which it echoes`],
  server_closes_tcp_at_once: [
    `${END}SocketConnection closes, then ends TCP, for`,
    `${END}SocketConnection of a client leaves the end of TCP to the server`,
  ],
  close_frame_sent: [`${CLOSE}waits for the peer's Close when it closes first`],
  client_fails: [`${WIRE}closes with \${code} for \${name}`],
  server_fails: [`${TCP}gets its Close frame whole and then FIN`],
  nothing_read_after_failure: [`${TCP}gets its Close frame whole and then FIN`],
  client_fails_handshake: [
    `${REFUSALS}connect() rejects, and gives the socket up, when the server answers with`,
  ],
  transport_lost: [`${END}with 1006 when the peer \${name}`],
  server_aborts: [`${REFUSAL}answers once, ends, drops what still comes`],
  code_1005_not_sent: [`${CLOSE}refuses code \${code}, and throws when it should send it`],
  code_1006_not_sent: [`${CLOSE}refuses code \${code}, and throws when it should send it`],
  code_1015_not_sent: [`${CLOSE}refuses code \${code}, and throws when it should send it`],

  masking_key_per_frame: [OWN_KEYS],
  payload_not_modifiable: [`${FRAME}copies a payload one byte smaller, and any payload of a client`],
  tls_supported: [`${TLS}carries messages, when it is told whom to trust`],
  data_validated: [
    "test/protocol/vectors.test.ts: given ${vector.name}",
    "test/protocol/vectors_handshake.test.ts: given ${name}",
  ],

  offer_names_extension: [`${NEGOTIATION}deflateOffer() asks for what the client needs`],
  response_names_extension: [`${NEGOTIATION}acceptOffer() answers`],
  conflicting_extension_fails: [`${NEGOTIATION}names extension when the server answers what was not asked`],
  invalid_response_fails: [`${AGREED}refuses a server that answers with parameters that cannot be`],
  agreed_procedure_used: [`${AGREED}understand each other with`],
  compressed_sending: [`${COMPRESSED}sends what is worth it with RSV1, and what is not without`],
  uncompressed_sending: [`${COMPRESSED}sends what is worth it with RSV1, and what is not without`],
  compressed_receiving: [
    `${COMPRESSED}reads compressed and plain messages in a row`,
    `${COMPRESSED}reads a compressed message in fragments, with a ping in between`,
  ],
  uncompressed_receiving: [`${COMPRESSED}reads compressed and plain messages in a row`],
  client_window_only_when_offered: [`${NEGOTIATION}acceptOffer() answers`],
  server_starts_afresh: [`${DEFLATE}reads what that of a`],
  client_starts_afresh: [`${DEFLATE}reads what that of a`],
  server_window_kept: [
    "test/protocol/deflate_window.test.ts: refers back no further than the window that was agreed on",
  ],
  client_window_kept: [
    "test/protocol/deflate_window.test.ts: refers back no further than the window that was agreed on",
  ],
  client_takes_context_over: [`${COMPRESSED}reads what a persistent stream of zlib wrote`],
  server_takes_context_over: [`${COMPRESSED}reads what a persistent stream of zlib wrote`],
};
