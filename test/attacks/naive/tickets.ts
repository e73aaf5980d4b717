/**
 * Tickets, so that no token stands in a URL: each is good for a minute.
 *
 * @module
 */

import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { tokenOf, users } from "./users.ts";
import { accept } from "./handshake.ts";

const LIFETIME_MS = 60_000;

/** Makes the server: `POST` with a token in `Authorization` is answered with a ticket, `/ws?ticket=` is let in. */
export function naiveTickets(): Server {
  const tickets = new Map<string, number>();
  const server = createServer((request, response) => {
    if (users[tokenOf(request)] === undefined) return void response.writeHead(401).end();
    const ticket = randomUUID();
    tickets.set(ticket, Date.now() + LIFETIME_MS);
    response.end(ticket);
  });
  return server.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    const ticket = new URL(request.url ?? "", "http://chat").searchParams.get("ticket") ?? "";
    if ((tickets.get(ticket) ?? 0) > Date.now()) accept(request, socket);
    else socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
  });
}
