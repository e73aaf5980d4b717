/**
 * The program of the tutorial that this project began from, written afresh: docs/the_article.md reads it line by line.
 *
 * Two things are added, because nothing would come in otherwise: the cookie, which everybody adds sooner or later so that a page can
 * connect, and a second constant at the door, as with one alone either nobody is an admin or everybody. What an allowed message does is the
 * caller's to say.
 *
 * @module
 */

import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { frameOf, readFrames } from "./frames.ts";
import { accept } from "./handshake.ts";

// #region article
export const MEMBER_TOKEN = "member-7c1d";
export const ADMIN_TOKEN = "admin-90ab";
export const FORBIDDEN_TEXT = "delete all users";

const checkOrigin = (_origin: string | undefined) => true;
const connections = new Map<string, Duplex>();

export function naiveArticle(act: (text: string) => string, log: (line: string) => void): Server {
  return createServer().on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    const { origin, authorization, cookie = "" } = request.headers;
    if (!checkOrigin(origin)) return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    const token = authorization ?? /session=([^;]+)/.exec(cookie)?.[1] ?? "";
    if (token !== MEMBER_TOKEN && token !== ADMIN_TOKEN) {
      return void socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Type: text/plain\r\n\r\nUnauthorized");
    }
    accept(request, socket);
    connections.set(token, socket);
    socket.on("close", () => connections.delete(token));
    readFrames(socket, (message) => {
      const text = message.toString();
      log(`${token}: ${text}`);
      const isForbidden = text === FORBIDDEN_TEXT && token !== ADMIN_TOKEN;
      socket.write(frameOf(0x81, isForbidden ? "Unauthorized action" : act(text)));
    });
  });
}

export function sendToAdmins(text: string): void {
  for (const [token, socket] of connections) {
    if (token === ADMIN_TOKEN) socket.write(frameOf(0x81, text));
  }
}
// #endregion
