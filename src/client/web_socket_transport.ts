/**
 * The transport of a page: the WebSocket that the runtime brings along. It cannot set a header and is never told why an
 * upgrade was refused: the HTTP status would let a page explore a network (WHATWG WebSockets §3).
 *
 * @module
 */

import { PortcullisError } from "../base/errors.ts";
import { printable } from "../base/text.ts";
import { CLOSE } from "../protocol/close_codes.ts";
import type {
  Transport,
  TransportEnd,
  TransportEvents,
  TransportLink,
  TransportRequest,
} from "./transport.ts";

/**
 * Makes the transport over `globalThis.WebSocket`.
 *
 * @returns The transport. In a runtime without one, as Node 20, it cannot connect: the client stops, with `unsupported`.
 */
export function webSocketTransport(): Transport {
  return { sendsHeaders: false, connect };
}

const NOT_CONNECTED: TransportLink = { send: () => false, close: () => undefined };

function connect(request: TransportRequest, events: TransportEvents): TransportLink {
  const made = make(request);
  if (made instanceof PortcullisError) {
    // Later, as every end: the caller does not hold the link yet.
    queueMicrotask(() => events.closed({ kind: "unusable", error: made }));
    return NOT_CONNECTED;
  }
  listen(made, events);
  return {
    send(text: string): boolean {
      if (made.readyState !== WebSocket.OPEN) return false;
      made.send(text);
      return true;
    },
    close: (code: number, reason: string) => made.close(code, reason),
  };
}

function make({ url, subprotocols }: TransportRequest): WebSocket | PortcullisError {
  if (typeof globalThis.WebSocket !== "function") {
    return new PortcullisError("unsupported", "This runtime has no global WebSocket.");
  }
  try {
    return new WebSocket(url, [...subprotocols]);
  } catch (error) {
    // Only its name: the message of a browser quotes the subprotocol, and that is the token.
    const name = error instanceof Error ? printable(error.name) : "unknown";
    return new PortcullisError("invalid_argument", `The runtime refuses to make this WebSocket (${name}).`);
  }
}

function listen(socket: WebSocket, events: TransportEvents): void {
  let wasOpen = false;
  socket.addEventListener("open", () => {
    wasOpen = true;
    events.opened();
  });
  socket.addEventListener("message", ({ data }: { readonly data: unknown }) => {
    if (typeof data === "string") events.text(data);
    else events.binary();
  });
  // "error" says nothing that "close" does not, and "close" always follows it.
  socket.addEventListener("close", ({ code, reason }) => {
    // Deno says 0 where the standard says 1006, when TCP ends without a Close frame.
    const known = code === 0 ? CLOSE.abnormal.code : code;
    const end: TransportEnd = wasOpen ? { kind: "closed", code: known, reason } : { kind: "unclear" };
    events.closed(end);
  });
}
