/**
 * The client for pages, over the WebSocket of the runtime. Nothing here needs Node: no module of `node:` is loaded.
 *
 * @module
 */

import { Client } from "./client.ts";
import type { ClientOptions } from "./client_options.ts";
import type { AnyTable, OpenTable } from "./message_table.ts";
import { webSocketTransport } from "./web_socket_transport.ts";

/**
 * Makes a client over the global WebSocket: for pages, Deno and Node from version 22 on. A program that can choose takes
 * `createClient` of the main entry point instead, whose transport is told why it was refused.
 *
 * @typeParam Table The type of the server's permission table, `typeof permissions`; without it, any type may be sent.
 * @param options What the client is told.
 * @returns The client, idle until {@link Client.open}.
 * @throws {PortcullisError} `invalid_argument` for a URL, carrier or limit that cannot be used.
 *
 * @example
 * ```ts
 * import { createClient } from "portcullis/client";
 * import { strictEqual } from "node:assert";
 *
 * const client = createClient({
 *   url: "wss://chat.example/ws",
 *   checkUrl: "/ws/check",
 *   getToken: async ({ signal }) => (await fetch("/token", { method: "POST", signal })).text(),
 * });
 * client.on("chat.said", (data) => console.log(data));
 * client.onState((state) => console.log(state.status));
 * const reply = client.request("chat.say", { room: "lobby", text: "hi" }); // Sent once there is a session.
 *
 * client.close();
 * strictEqual(client.state.status, "stopped");
 * strictEqual(await reply.catch((error) => error.code), "client_stopped");
 * ```
 */
export function createClient<Table extends AnyTable = OpenTable>(options: ClientOptions): Client<Table> {
  return new Client<Table>(options, webSocketTransport());
}

export type { Clock, Timer } from "../base/clock.ts";
export {
  ERROR_CODES,
  type ErrorCode,
  type ErrorDetails,
  PortcullisError,
  type RequestDenial,
} from "../base/errors.ts";
export { type ClientAction, clientActionFor, CLOSE, type CloseRow } from "../protocol/close_codes.ts";
export type { ClientCarrier } from "./carrier.ts";
export { Client } from "./client.ts";
export { CLIENT_LIMITS, type ClientLimitName, type ClientLimits } from "./client_limits.ts";
export type { ClientOptions } from "./client_options.ts";
export type { Cause, ClientState, SessionInfo } from "./client_state.ts";
export type { Listener } from "./listeners.ts";
export type { AnyTable, Delivered, OpenTable, RequestArguments, Requested } from "./message_table.ts";
export type { RequestOptions } from "./requests.ts";
export type { Tap } from "./tap.ts";
export type { TokenReason, TokenRequest } from "./token_source.ts";
export type {
  Transport,
  TransportEnd,
  TransportEvents,
  TransportLink,
  TransportRequest,
} from "./transport.ts";
export { webSocketTransport } from "./web_socket_transport.ts";
