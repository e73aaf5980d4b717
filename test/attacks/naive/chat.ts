/**
 * A chat with a login: a token for each user, compared as text; the sockets in a map by token; permission by comparing the
 * role with a string. Nearly every tutorial ends here.
 *
 * @module
 */

import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { frameOf, readFrames } from "./frames.ts";
import { accept } from "./handshake.ts";
import { tokenOf, type User, users } from "./users.ts";

/** Makes the server. @param findUser Verifies a token; may ask a database. @param log Of the accesses. */
export function naiveChat(
  findUser: (token: string) => User | undefined | Promise<User | undefined> = (token) => users[token],
  log: (line: string) => void = () => undefined,
): Server {
  const clients = new Map<string, Duplex>();
  const handlers: Record<string, (user: User, data: string) => unknown> = {
    say: (user, data) =>
      [...clients.values()].forEach((to) => to.write(said({ type: "said", by: user.name, data }))),
    kick: (user, data) => user.role === "admin" ? clients.get(data)?.end() : "forbidden",
  };
  const said = (message: object) => frameOf(0x81, JSON.stringify(message));
  return createServer().on("upgrade", async (request: IncomingMessage, socket: Duplex) => {
    log(`${request.method} ${request.url}`);
    const token = tokenOf(request);
    const user = await findUser(token);
    if (user === undefined) return void socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
    accept(request, socket);
    clients.set(token, socket);
    socket.on("close", () => clients.delete(token));
    socket.write(said({ type: "hello", ...user }));
    readFrames(socket, (message) => {
      const { type, data } = JSON.parse(message.toString());
      socket.write(said({ type: "ok", data: handlers[type]?.(user, data) }));
    });
  });
}
