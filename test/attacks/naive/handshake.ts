/**
 * The answer to a handshake, as gists have it: it looks at nothing but the key.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** Says 101. @param fields Further lines, each with its end. */
export function accept({ headers }: IncomingMessage, socket: Duplex, fields = ""): void {
  const key = `${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const proof = createHash("sha1").update(key).digest("base64");
  const lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
  socket.write(`${lines.join("\r\n")}\r\nSec-WebSocket-Accept: ${proof}\r\n${fields}\r\n`);
}
