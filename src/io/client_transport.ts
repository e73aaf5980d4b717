/**
 * The client's transport where there is no browser: our own `connect()`, which can send the token in a header, and is told
 * the HTTP status of a refusal.
 *
 * @module
 */

import { PortcullisError } from "../base/errors.ts";
import type {
  Transport,
  TransportEnd,
  TransportEvents,
  TransportLink,
  TransportRequest,
} from "../client/transport.ts";
import { connect } from "./client.ts";
import type { ConnectOptions } from "./client_options.ts";
import type { Connection } from "./connection.ts";

/** What of {@link ConnectOptions} is left to say: the rest is the client's. */
export type SocketTransportOptions = Pick<
  ConnectOptions,
  "headers" | "deflate" | "ca" | "limits" | "clock" | "reportError"
>;

/**
 * Makes the transport over `connect()`.
 *
 * @param options How to connect.
 * @returns The transport.
 *
 * @example
 * ```ts
 * import { socketTransport } from "portcullis";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(socketTransport({ headers: { "X-Trace": "7" } }).sendsHeaders, true);
 * ```
 */
export function socketTransport(options: SocketTransportOptions = {}): Transport {
  return { sendsHeaders: true, connect: (request, events) => new SocketLink(options, request, events) };
}

/** One connection, or the attempt to get one. */
class SocketLink implements TransportLink {
  readonly #attempt = new AbortController();
  #connection: Connection | undefined;

  constructor(options: SocketTransportOptions, request: TransportRequest, events: TransportEvents) {
    const { url, subprotocols, token } = request;
    const connecting = connect(url, {
      ...options,
      subprotocols,
      ...(token === undefined ? {} : { token }),
      signal: this.#attempt.signal,
      text: (text) => events.text(text),
      message: () => events.binary(),
      closed: ({ code, reason }) => events.closed({ kind: "closed", code, reason }),
    });
    connecting.then(
      (connection) => {
        this.#connection = connection;
        // Given up in the turn in which it succeeded.
        if (this.#attempt.signal.aborted) connection.destroy();
        else events.opened();
      },
      (error) => events.closed(endOf(error)),
    );
  }

  send(text: string): boolean {
    return this.#connection?.send(text) ?? false;
  }

  close(code: number, reason: string): void {
    if (this.#connection === undefined) this.#attempt.abort();
    else this.#connection.close(code, reason);
  }
}

/** A failure to reach the server says nothing of the token; only an answer of HTTP does. */
function endOf(error: unknown): TransportEnd {
  if (!(error instanceof PortcullisError)) {
    const unknown = new PortcullisError("connect_failed", "The connection failed.", { cause: error });
    return { kind: "unusable", error: unknown };
  }
  const { code, status, retryAfterMs } = error;
  if (code === "handshake_refused" && status !== undefined) return { kind: "refused", status, retryAfterMs };
  if (code === "invalid_argument") return { kind: "unusable", error };
  return { kind: "unreachable" };
}
