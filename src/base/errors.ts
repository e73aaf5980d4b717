/**
 * A fault of the caller is an exception. Each has a stable `code`, so that a program can branch on it while the
 * message is free to become clearer.
 *
 * @module
 */

/** Every code that this library throws, and what each means. One table, so that none is invented in passing. */
export const ERROR_CODES = {
  invalid_argument: "An argument or option is outside what its documentation allows.",
  weak_key: "An HMAC key is shorter than its hash, or is key material of another kind.",
  invalid_permissions: "A permission table contradicts itself.",
  invalid_delivery: "The data of a delivery does not satisfy the row of its type.",
  async_validator: "A validator answered with a promise; messages are judged synchronously.",
  invalid_state: "The object is in a state, or on a side, in which this call makes no sense.",
  handshake_refused: "The server answered the client's handshake with something other than a valid 101.",
  connect_failed: "The client could not reach the server.",
  connect_timeout: "The handshake took longer than its deadline.",
  aborted: "The caller's AbortSignal ended the attempt or the request; or a session ended under its handler.",
  handler_timeout: "A handler took longer than its deadline.",
  unsupported: "This runtime does not have what was asked of it.",
  token_failed: "The application's getToken failed, or answered with something that is no token.",
  token_refused: "The application's getToken answered with a token that the server has refused before.",
  denied: "The server denied a request; `denial` says why.",
  request_timeout: "No reply to a request came in time; it may have been carried out.",
  connection_lost: "The connection ended before the reply to a request; it may have been carried out.",
  too_many_requests: "More requests are pending than the client's limit allows.",
  message_too_large: "A message is longer than what the server takes.",
  invalid_message: "The server sent something that is no message of the protocol.",
  client_stopped: "The client has stopped for good.",
} as const;

/** One of the stable codes of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Why a server denied a request, as its reply said. */
export interface RequestDenial {
  /** The code of the denial: one of `DENIALS`, or one that a newer server knows. */
  readonly code: string;
  /** A sentence for people. */
  readonly message: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** After how many milliseconds it may, if the server knows. */
  readonly retryAfterMs: number | undefined;
}

/** What an error carries besides its code and message. */
export interface ErrorDetails {
  /** What led to it. */
  readonly cause?: unknown;
  /** The HTTP status of a refused handshake. */
  readonly status?: number | undefined;
  /** When a server that refused wants to be asked again, in milliseconds from then. */
  readonly retryAfterMs?: number | undefined;
  /** Why the server denied a request. */
  readonly denial?: RequestDenial | undefined;
}

/**
 * The one exception class of this library.
 *
 * @example
 * ```ts
 * import { hmacKey, PortcullisError } from "portcullis";
 * import { throws } from "node:assert";
 *
 * throws(
 *   () => hmacKey("too short"),
 *   (error) => error instanceof PortcullisError && error.code === "weak_key",
 * );
 * ```
 */
export class PortcullisError extends Error {
  /** The name of the class, as it is printed in front of the message. */
  override readonly name = "PortcullisError";
  /** The stable code; the message may change between versions, this may not. */
  readonly code: ErrorCode;
  /** The HTTP status that refused a client's handshake, when there was one. */
  readonly status: number | undefined;
  /** When the server that refused a handshake wants to be asked again, in milliseconds from then, if it said so. */
  readonly retryAfterMs: number | undefined;
  /** Why the server denied a request, with the code `denied`. */
  readonly denial: RequestDenial | undefined;

  /**
   * Makes an error.
   *
   * @param code The stable code.
   * @param message A sentence with the actual and the wanted value; never a token, key or payload.
   * @param details What else there is to say.
   */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.denial = details.denial;
  }
}
