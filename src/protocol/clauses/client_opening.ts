/**
 * What RFC 6455 §3, §4.1 and §11.1 ask of a client before and in its opening handshake.
 *
 * @module
 */

import type { Clauses } from "./clause.ts";

/** The clauses, in the order of the RFC. */
export const CLIENT_OPENING_CLAUSES: Clauses = {
  hash_escaped: {
    section: "§3",
    sentence:
      'As with any URI scheme, the character "#", when not indicating the start of a fragment, MUST be escaped as %23.',
    binds: "client",
    judgedBy: ["HANDSHAKE_RULES.request_target"],
    keptIn: ["src/io/client_options.ts#parseUrl"],
  },
  establishes: {
    section: "§4.1",
    sentence:
      "… it MUST open a connection, send an opening handshake, and read the server's handshake in response.",
    binds: "client",
    keptIn: ["src/io/client.ts#connect"],
  },
  uri_valid: {
    section: "§4.1",
    sentence:
      "The components of the WebSocket URI passed into this algorithm (/host/, /port/, /resource name/, and /secure/ flag) MUST be valid according to the specification of WebSocket URIs specified in Section 3.",
    binds: "client",
    reading: "stricter",
    note: "Credentials in the URL, which would go nowhere, are refused too.",
    keptIn: ["src/io/client_options.ts#parseUrl"],
  },
  uri_invalid: {
    section: "§4.1",
    sentence:
      "If any of the components are invalid, the client MUST _Fail the WebSocket Connection_ and abort these steps.",
    binds: "client",
    keptIn: ["src/io/client_options.ts#parseUrl"],
  },
  one_connecting_wait: {
    section: "§4.1",
    sentence:
      "If the client already has a WebSocket connection to the remote host (IP address) identified by /host/ and port /port/ pair, even if the remote host is known by another name, the client MUST wait until that connection has been established or for that connection to have failed.",
    binds: "client",
    reading: "looser",
    note:
      "The section protects servers from scripts of strangers. Here the program itself decides how many connections it opens, as a load generator or the tests of a server must; await one connect() before the next to keep it.",
  },
  one_connecting: {
    section: "§4.1",
    sentence: "There MUST be no more than one connection in a CONNECTING state.",
    binds: "client",
    reading: "looser",
    note: "As one_connecting_wait.",
  },
  one_connecting_serialized: {
    section: "§4.1",
    sentence:
      "If multiple connections to the same IP address are attempted simultaneously, the client MUST serialize them so that there is no more than one connection at a time running through the following steps.",
    binds: "client",
    reading: "looser",
    note: "As one_connecting_wait.",
  },
  unknown_address: {
    section: "§4.1",
    sentence:
      "If the client cannot determine the IP address of the remote host (for example, because all communication is being done through a proxy server that performs DNS queries itself), then the client MUST assume for the purposes of this step that each host name refers to a distinct remote host, …",
    binds: "client",
    reading: "not applicable",
    note: "The client uses no proxy.",
  },
  proxy_autoconfiguration: {
    section: "§4.1",
    sentence:
      "For the purpose of proxy autoconfiguration scripts, the URI to pass the function MUST be constructed from /host/, /port/, /resource name/, and the /secure/ flag using the definition of a WebSocket URI as given in Section 3.",
    binds: "client",
    reading: "not applicable",
    note: "The client uses no proxy.",
  },
  connection_failed: {
    section: "§4.1",
    sentence:
      "If the connection could not be opened, either because a direct connection failed or because any proxy used returned an error, then the client MUST _Fail the WebSocket Connection_ and abort the connection attempt.",
    binds: "client",
    keptIn: ["src/io/client.ts#upgrade"],
  },
  tls_first: {
    section: "§4.1",
    sentence:
      "If /secure/ is true, the client MUST perform a TLS handshake over the connection after opening the connection and before sending the handshake data [RFC2818].",
    binds: "client",
    keptIn: ["src/io/client.ts#requestOf"],
  },
  tls_failed: {
    section: "§4.1",
    sentence:
      "If this fails (e.g., the server's certificate could not be verified), then the client MUST _Fail the WebSocket Connection_ and abort the connection.",
    binds: "client",
    keptIn: ["src/io/client.ts#upgrade"],
  },
  tls_tunnel: {
    section: "§4.1",
    sentence:
      "Otherwise, all further communication on this channel MUST run through the encrypted tunnel [RFC5246].",
    binds: "client",
    keptIn: ["src/io/client.ts#requestOf"],
  },
  tls_server_name: {
    section: "§4.1",
    sentence: "Clients MUST use the Server Name Indication extension in the TLS handshake [RFC6066].",
    binds: "client",
    note: "It is the runtime's https that names the host; RFC 6066 forbids to name an address.",
    keptIn: ["src/io/client.ts#requestOf"],
  },
  sends_handshake: {
    section: "§4.1",
    sentence:
      "Once a connection to the server has been established (including a connection via a proxy or over a TLS-encrypted tunnel), the client MUST send an opening handshake to the server.",
    binds: "client",
    keptIn: ["src/io/client.ts#connect"],
  },
  valid_request: {
    section: "§4.1",
    sentence: "The handshake MUST be a valid HTTP request as specified by [RFC2616].",
    binds: "client",
    keptIn: ["src/io/client_options.ts#headersOf", "src/io/client.ts#requestOf"],
  },
  request_uri: {
    section: "§4.1",
    sentence:
      'The "Request-URI" part of the request MUST match the /resource name/ defined in Section 3 (a relative URI) or be an absolute http/https URI that, when parsed, has a /resource name/, /host/, and /port/ that match the corresponding ws/wss URI.',
    binds: "client",
    judgedBy: ["HANDSHAKE_RULES.request_target"],
    keptIn: ["src/io/client.ts#requestOf"],
  },
  key_present: {
    section: "§4.1",
    sentence: "The request MUST include a header field with the name |Sec-WebSocket-Key|.",
    binds: "client",
    judgedBy: ["HANDSHAKE_RULES.key"],
    keptIn: ["src/protocol/client_handshake.ts#upgradeFields"],
  },
  key_random: {
    section: "§4.1",
    sentence: "The nonce MUST be selected randomly for each connection.",
    binds: "client",
    note: "It comes from the random source of node:crypto; the tests can only show that keys differ.",
    keptIn: ["src/io/client.ts#connect"],
  },
  browser_origin: {
    section: "§4.1",
    sentence:
      "The request MUST include a header field with the name |Origin| [RFC6454] if the request is coming from a browser client.",
    binds: "browser",
    reading: "not applicable",
    note: "This client is no browser. A caller can give the field itself.",
  },
  version_present: {
    section: "§4.1",
    sentence: "The request MUST include a header field with the name |Sec-WebSocket-Version|.",
    binds: "client",
    judgedBy: ["HANDSHAKE_RULES.version"],
    keptIn: ["src/protocol/client_handshake.ts#upgradeFields"],
  },
  version_13: {
    section: "§4.1",
    sentence: "The value of this header field MUST be 13.",
    binds: "client",
    judgedBy: ["HANDSHAKE_RULES.version"],
    keptIn: ["src/protocol/client_handshake.ts#upgradeFields"],
  },
  response_validated: {
    section: "§4.1",
    sentence: "The client MUST validate the server's response as follows: …",
    binds: "client",
    keptIn: ["src/protocol/client_handshake.ts#checkUpgradeResponse"],
  },
  response_nonconforming: {
    section: "§4.1",
    sentence:
      "If the server's response does not conform to the requirements for the server's handshake as defined in this section and in Section 4.2.2, the client MUST _Fail the WebSocket Connection_.",
    binds: "client",
    keptIn: ["src/io/client.ts#connect"],
  },
  host_to_ascii: {
    section: "§11.1.1",
    sentence:
      "Characters in the host component that are excluded by the syntax defined above MUST be converted from Unicode to ASCII as specified in [RFC3987] or its replacement.",
    binds: "client",
    note: "Its replacement is the URL of the runtime. The sentence comes again in §11.1.2 for wss.",
    keptIn: ["src/io/client_options.ts#parseUrl"],
  },
  path_to_ascii: {
    section: "§11.1.1",
    sentence:
      "Characters in other components that are excluded by the syntax defined above MUST be converted from Unicode to ASCII by first encoding the characters as UTF-8 and then replacing the corresponding bytes using their percent-encoded form …",
    binds: "client",
    note: "Likewise in §11.1.2.",
    keptIn: ["src/io/client_options.ts#parseUrl"],
  },
};
