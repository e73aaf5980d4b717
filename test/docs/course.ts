/**
 * The chapters of the course, as data: which page each is, and which files of the library it explains. Each file belongs to one
 * chapter; a test holds the table against the tree.
 *
 * @module
 */

/** One chapter. */
export interface Chapter {
  /** From 1 on; its exercises have the numbers that follow those of the chapters before. */
  readonly number: number;
  readonly title: string;
  /** Its page in `docs/course`, without its ending. */
  readonly page: string;
  /** By their paths in `src`, without `.ts`, in the order of docs/reading_order.md. */
  readonly files: readonly string[];
}

/** How many exercises each chapter has. */
export const EXERCISES_PER_CHAPTER = 3;

/** All chapters, in order. */
export const CHAPTERS: readonly Chapter[] = [
  {
    number: 1,
    title: "A TCP byte and the upgrade",
    page: "01_upgrade",
    files: [
      ...["base/result", "base/bytes", "base/text"],
      ...["protocol/handshake_rules", "protocol/header_field", "protocol/handshake", "protocol/request_head"],
      ...["protocol/client_handshake", "protocol/clauses/client_opening", "protocol/clauses/server_opening"],
      ...["io/plain_socket", "io/intake", "io/upgrade_server", "io/front_door", "io/client_options"],
    ],
  },
  {
    number: 2,
    title: "Frames and masking",
    page: "02_frames",
    files: [
      ...["protocol/rules", "protocol/mask", "protocol/shared_space", "protocol/send_buffer"],
      ...["protocol/frame", "protocol/frame_decoder", "protocol/frame_judge", "protocol/inspected_frame"],
      ...["protocol/frame_inspector", "protocol/frame_text"],
      ...["protocol/clauses/clause", "protocol/clauses/framing", "protocol/clauses/security"],
    ],
  },
  {
    number: 3,
    title: "Messages and UTF-8",
    page: "03_messages",
    files: ["protocol/utf8", "protocol/message", "protocol/frame_writer", "protocol/message_reader"],
  },
  {
    number: 4,
    title: "Closing",
    page: "04_closing",
    files: [
      ...["protocol/close_codes", "protocol/close", "protocol/protocol", "protocol/clauses/closing"],
      ...["io/linger"],
    ],
  },
  {
    number: 5,
    title: "A core without I/O, and the shell around it",
    page: "05_core_and_shell",
    files: [
      ...["base/errors", "base/clock", "base/deadline_queue", "base/agenda", "base/promise", "base/roster"],
      ...["client/transport", "client/page_clock", "client/web_socket_transport"],
      ...["io/system_clock", "io/turn", "io/progress", "io/connection", "io/socket_events"],
      ...["io/socket_writer", "io/protocol_options", "io/sending_connection", "io/random_ids"],
      ...["io/socket_connection", "io/connections", "io/client", "io/client_transport"],
    ],
  },
  {
    number: 6,
    title: "Who are you: tokens, carriers, Origin, tickets",
    page: "06_who_are_you",
    files: [
      ...["base/json_text", "base/expiring_map", "base/address_block", "protocol/forwarded"],
      ...["auth/hmac", "auth/key", "auth/claims", "auth/key_ring", "auth/token", "auth/credential"],
      ...["auth/seen_text", "auth/seen_request", "auth/origin", "auth/fetch_metadata", "auth/ticket"],
      ...["auth/decision", "auth/door", "client/carrier", "client/http_door", "io/refusal", "io/decision"],
      ...["io/peer_address", "io/acceptor_options", "io/approvals", "io/entrance", "io/cors", "io/endpoints"],
      ...["io/acceptor", "io/door_audit", "io/first_message"],
    ],
  },
  {
    number: 7,
    title: "Who is here: sessions, leases, revocation",
    page: "07_who_is_here",
    files: [
      ...["base/one_or_many", "auth/standing", "session/session_end", "session/session", "session/registry"],
      ...["session/presence", "session/lifecycle", "session/role_sets", "session/leases"],
      ...[
        "client/client_state",
        "client/token_source",
        "client/verdict",
        "client/connection",
        "client/lease",
      ],
      ...["client/observed_state", "io/session_events", "io/admission"],
    ],
  },
  {
    number: 8,
    title: "What may you send: the table, both directions",
    page: "08_what_may_you_send",
    files: [
      ...["auth/validator", "auth/permission_row", "auth/permission_check", "auth/permission"],
      ...["session/envelope", "session/audit", "session/message_steps", "session/handler"],
      ...["session/handler_calls", "session/answers", "session/dispatch"],
      ...["client/wire", "client/requests", "client/message_table", "io/create_gate"],
    ],
  },
  {
    number: 9,
    title: "Many at once: groups, backpressure, heartbeats, limits, drain",
    page: "09_many_at_once",
    files: [
      ...["base/limit_table", "base/limits", "base/open_metrics", "base/timer_wheel", "base/token_bucket"],
      ...["base/tally", "protocol/shared_run", "session/session_rates", "session/recipients"],
      ...["session/delivery", "session/kept_deliveries", "session/meter", "session/slow_readers"],
      ...["session/groups", "session/drain", "client/backoff", "client/client_limits", "client/retry_after"],
      ...["client/reconnect_policy", "io/occupancy", "io/metrics", "io/health", "io/heartbeat"],
    ],
  },
  {
    number: 10,
    title: "Compression, and why it is off",
    page: "10_compression",
    files: [
      ...["protocol/deflate_options", "protocol/deflate_negotiation", "protocol/sliding_window"],
      ...["protocol/deflate_compress", "protocol/deflate_decompress", "protocol/deflate"],
      ...["protocol/shared_message", "protocol/clauses/deflate"],
    ],
  },
  {
    number: 11,
    title: "How we know: vectors, fuzzing, simulation, conformance, and what is left out",
    page: "11_how_we_know",
    files: [
      ...["session/trace", "client/tap", "client/client_options", "client/client_settings"],
      ...["client/listeners", "client/client", "client/mod", "io/trace", "io/connection_trace", "io/tracer"],
      ...["io/gate_options", "io/gate_parts", "io/gate", "io/create_client", "mod"],
    ],
  },
];

/** The page of a chapter, from the project's root. */
export function pageOf({ page }: Chapter): string {
  return `docs/course/${page}.md`;
}

/** The chapter of a number. @throws {RangeError} When there is none. */
export function chapterOf(number: number): Chapter {
  const chapter = CHAPTERS[number - 1];
  if (chapter === undefined) throw new RangeError(`There is no chapter ${number}.`);
  return chapter;
}
