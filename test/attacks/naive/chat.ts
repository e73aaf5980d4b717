/**
 * A chat of the second attempt: tokens that somebody verifies, sockets that are told apart, a handler for each type of message. What
 * a user may do is what was found when he came.
 *
 * @module
 */

import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { frameOf, readFrames } from "./frames.ts";
import { accept } from "./handshake.ts";
import { tokenOf, type User, users } from "./users.ts";

/** Makes the server. @param findUser Verifies a token; may ask a database. */
export function naiveChat(
  findUser: (token: string) => User | undefined | Promise<User | undefined> = (token) => users[token],
): Server {
  const clients = new Map<Duplex, User>();
  const handlers: Record<string, (user: User, data: string) => unknown> = {
    say: (user, data) => clients.forEach((_, to) => to.write(said({ type: "said", by: user.name, data }))),
    kick: (user, data) =>
      user.role === "admin" ? clients.forEach(({ name }, to) => name === data && to.end()) : "forbidden",
  };
  const said = (message: object) => frameOf(0x81, JSON.stringify(message));
  return createServer().on("upgrade", async (request: IncomingMessage, socket: Duplex) => {
    const user = await findUser(tokenOf(request));
    if (user === undefined) return void socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
    accept(request, socket);
    clients.set(socket, user);
    socket.on("close", () => clients.delete(socket));
    socket.write(said({ type: "hello", ...user }));
    readFrames(socket, (message) => {
      const { type, data } = JSON.parse(message.toString());
      socket.write(said({ type: "ok", data: handlers[type]?.(user, data) }));
    });
  });
}
