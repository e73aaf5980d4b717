/**
 * What is asked of the HTTP server under an acceptor, and of its sockets.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** A listener for ordinary requests. */
export type OnRequest = (request: IncomingMessage, response: ServerResponse) => void;

/** A server of `node:http` or `node:https`, or any other that has these two events. */
export interface UpgradeServer {
  /** An ordinary request came. */
  on(event: "request", listener: OnRequest): unknown;
  /** A request to upgrade came. */
  on(event: "upgrade", listener: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): unknown;
  /** The listeners that there are, each with what makes it listen only once, if it does. */
  // deno-lint-ignore ban-types
  rawListeners(event: "request"): Function[];
  /** Takes all of them away. */
  removeAllListeners(event: "request"): unknown;
}

/**
 * Has some requests of a server answered by somebody else than its listeners. A server tells every listener of every
 * request; two that answered one would be one too many.
 *
 * @param server With its own listeners, who are not told of those requests any more.
 * @param answer Answers a request, or returns `false` and leaves it to the others.
 */
export function answerFirst(
  server: UpgradeServer,
  answer: (request: IncomingMessage, response: ServerResponse) => boolean,
): void {
  const others = server.rawListeners("request") as OnRequest[];
  server.removeAllListeners("request");
  server.on("request", (request, response) => {
    if (answer(request, response)) return;
    for (const listener of others) listener.call(server, request, response);
  });
}

/**
 * Ordinary requests that came on a socket and have not been answered yet.
 *
 * A client may send an upgrade right behind a request whose answer takes its time. The server hands the socket over at
 * once, and the answer is later written into the middle of the frames.
 */
export class UnansweredRequests {
  readonly #responses = new WeakMap<Duplex, Set<ServerResponse>>();

  /** Remembers a request until its response is through. */
  add(socket: Duplex, response: ServerResponse): void {
    const responses = this.#responses.get(socket) ?? new Set();
    this.#responses.set(socket, responses.add(response));
    response.once("close", () => responses.delete(response));
  }

  /** Tells whether a socket still owes an answer, or a part of one. */
  has(socket: Duplex): boolean {
    return [...this.#responses.get(socket) ?? []].some((response) => !response.writableFinished);
  }
}

/** Cuts off a socket that still owes an answer: whatever were written now, the peer would take it for that answer. */
export function abandon(socket: Duplex): void {
  socket.on("error", ignoreReset);
  socket.destroy();
}

/** The listener for errors of a socket. A peer may vanish at any moment; "close" follows, and puts everything in order. */
export function ignoreReset(): void {
  // Without a listener, the reset of one peer would end the process.
}
