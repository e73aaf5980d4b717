/**
 * The client: the same protocol from the other side, with what a browser's does not have, header fields.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers";
import type { Clock } from "../base/clock.ts";
import { PortcullisError } from "../base/errors.ts";
import { resolveLimits } from "../base/limits.ts";
import { parseRetryAfter } from "../client/retry_after.ts";
import { checkUpgradeResponse } from "../protocol/client_handshake.ts";
import { resolveDeflate } from "../protocol/deflate_options.ts";
import type { MaskingKeySource } from "../protocol/frame.ts";
import { type ConnectOptions, headersOf, parseUrl } from "./client_options.ts";
import type { Connection } from "./connection.ts";
import { SocketConnection } from "./socket_connection.ts";
import { systemClock } from "./system_clock.ts";
import { tracerOf } from "./tracer.ts";
import { ignoreReset } from "./upgrade_server.ts";

/**
 * Connects to a WebSocket server.
 *
 * @param url `ws:` or `wss:`, without a fragment or credentials.
 * @param options How, and whom to tell of messages.
 * @returns The open connection. Its events begin only after the promise has resolved.
 * @throws {PortcullisError} By rejecting: `invalid_argument` for a URL, header or subprotocol that cannot be sent;
 * `handshake_refused` with the `status` of an answer that is no valid 101, and its `retryAfterMs`; `connect_failed`, `connect_timeout`, `aborted`.
 *
 * @example
 * ```ts
 * import { connect, PortcullisError } from "portcullis";
 * import { rejects } from "node:assert";
 *
 * await rejects(
 *   connect("http://127.0.0.1/"),
 *   (error) => error instanceof PortcullisError && error.code === "invalid_argument",
 * );
 * ```
 */
export async function connect(url: string | URL, options: ConnectOptions = {}): Promise<Connection> {
  const target = parseUrl(url);
  const limits = resolveLimits(options.limits);
  const clock = options.clock ?? systemClock;
  const key = randomBytes(16).toString("base64");
  const offer = { subprotocols: options.subprotocols ?? [], deflate: resolveDeflate(options.deflate) };
  const headers = headersOf(options, target, key, offer);
  const reportError = options.reportError ?? console.error;
  const tracer = tracerOf(options.trace, clock, reportError);
  const { response, socket, head } = await upgrade(
    target,
    headers,
    options,
    clock,
    limits.handshakeTimeoutMs,
  );
  const checked = checkUpgradeResponse(response, key, offer);
  if (!checked.ok) {
    socket.destroy();
    throw new PortcullisError("handshake_refused", `The server's 101 breaks the rule "${checked.fault}".`, {
      status: 101,
    });
  }
  const { deflate } = offer;
  const made = {
    role: "client",
    limits,
    clock,
    compression: deflate,
    maskingKey: nextMaskingKey,
    ownsChunks: true,
    reportError,
  } as const;
  const connection = new SocketConnection(socket, made, checked.value);
  tracer?.observe(connection, "client", limits);
  // Not before the caller holds the connection: the first message may have come with the 101.
  setImmediate(() => connection.start(head, options));
  return connection;
}

interface Upgraded {
  readonly response: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** What is read of an answer that is no 101. */
interface Answer {
  readonly statusCode?: number | undefined;
  readonly headers: { readonly "retry-after"?: string | undefined };
}

/** Sends the request and waits for a 101, for a refusal, or for whatever makes waiting pointless. */
function upgrade(
  target: URL,
  headers: Record<string, string>,
  { ca, signal }: ConnectOptions,
  clock: Clock,
  timeoutMs: number,
): Promise<Upgraded> {
  return new Promise((resolve, reject) => {
    const fail = (error: PortcullisError) => {
      settle();
      reject(error);
      request.destroy();
    };
    const refuse = ({ statusCode: status, headers }: Answer) => {
      const retryAfterMs = parseRetryAfter(headers["retry-after"], clock.now());
      const message = `The server answered ${status ?? "nothing"} instead of 101.`;
      fail(new PortcullisError("handshake_refused", message, { status, retryAfterMs }));
    };
    const abort = () =>
      fail(new PortcullisError("aborted", "The signal aborted the attempt.", { cause: signal?.reason }));
    const request = requestOf(target, headers, ca);
    const late = () => fail(new PortcullisError("connect_timeout", `No answer within ${timeoutMs} ms.`));
    const deadline = clock.after(timeoutMs, late);
    const settle = () => {
      deadline.cancel();
      signal?.removeEventListener("abort", abort);
    };
    // The listener stays: after the handshake, the socket's own faults are no longer the request's, but may come here.
    request.on(
      "error",
      (cause) => fail(new PortcullisError("connect_failed", "The connection failed.", { cause })),
    );
    request.once("response", refuse);
    // A 101 without the fields of an upgrade is just information to HTTP.
    request.on("information", (information) => information.statusCode === 101 && refuse(information));
    request.once("upgrade", (response, socket, head) => {
      socket.on("error", ignoreReset);
      settle();
      resolve({ response, socket, head });
    });
    if (signal?.aborted === true) return abort();
    signal?.addEventListener("abort", abort);
    request.end();
  });
}

function requestOf(
  target: URL,
  headers: Record<string, string>,
  ca: string | Buffer | undefined,
): ClientRequest {
  const send = target.protocol === "wss:" ? requestHttps : requestHttp;
  return send({
    // An IPv6 address stands in brackets in a URL, but not in a socket's address.
    host: target.hostname.replace(/^\[|\]$/g, ""),
    port: target.port === "" ? (target.protocol === "wss:" ? 443 : 80) : Number(target.port),
    path: target.pathname + target.search,
    headers,
    agent: false,
    ...(ca === undefined ? {} : { ca }),
  });
}

/** Randomness is drawn for a thousand frames at once; no byte of the pool is given out twice. */
const KEY_POOL_BYTES = 4_096;
let keyPool: Uint8Array = new Uint8Array(0);
let nextKeyAt = 0;

const nextMaskingKey: MaskingKeySource = () => {
  if (nextKeyAt >= keyPool.length) {
    keyPool = randomBytes(KEY_POOL_BYTES);
    nextKeyAt = 0;
  }
  nextKeyAt += 4;
  return keyPool.subarray(nextKeyAt - 4, nextKeyAt);
};
