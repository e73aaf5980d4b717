/**
 * The client of programs: the same as that of pages, over a transport that is told why it was refused.
 *
 * @module
 */

import { Client } from "../client/client.ts";
import type { ClientOptions } from "../client/client_options.ts";
import type { AnyTable, OpenTable } from "../client/message_table.ts";
import { socketTransport } from "./client_transport.ts";

/**
 * Makes a client over a socket of its own: the token goes into a header, and a refusal is known by its HTTP status.
 *
 * @typeParam Table The type of the server's permission table, `typeof permissions`; without it, any type may be sent.
 * @param options What the client is told.
 * @returns The client, idle until {@link Client.open}.
 * @throws {PortcullisError} `invalid_argument` for a URL, carrier or limit that cannot be used.
 *
 * @example
 * ```ts
 * import { createClient } from "portcullis";
 * import { strictEqual } from "node:assert";
 *
 * const client = createClient({ url: "ws://127.0.0.1:8080/ws", getToken: () => "a.b.c" });
 * strictEqual(client.state.status, "idle");
 * ```
 */
export function createClient<Table extends AnyTable = OpenTable>(options: ClientOptions): Client<Table> {
  return new Client<Table>(options, socketTransport());
}
