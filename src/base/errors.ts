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
  invalid_state: "The connection is past the state in which this call makes sense.",
  handshake_refused: "The server answered the client's handshake with something other than a valid 101.",
  connect_failed: "The client could not reach the server.",
  connect_timeout: "The handshake took longer than its deadline.",
  aborted: "The caller's AbortSignal ended the attempt.",
} as const;

/** One of the stable codes of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

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

  /**
   * Makes an error.
   *
   * @param code The stable code.
   * @param message A sentence with the actual and the wanted value; never a token, key or payload.
   * @param options `cause`, and the `status` of a refused handshake.
   */
  constructor(code: ErrorCode, message: string, options: { cause?: unknown; status?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status;
  }
}
