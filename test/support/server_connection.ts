/**
 * One connection on a socket in memory, with a raw peer at the other end.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { setImmediate } from "node:timers/promises";
import { type Limits, resolveLimits } from "../../src/base/limits.ts";
import type { ConnectionEvents } from "../../src/io/connection.ts";
import { SocketConnection } from "../../src/io/socket_connection.ts";
import type { CloseStatus } from "../../src/protocol/close.ts";
import type { DeflateParameters } from "../../src/protocol/deflate_negotiation.ts";
import { DEFLATE_DEFAULTS } from "../../src/protocol/deflate_options.ts";
import type { TraceOptions } from "../../src/io/trace.ts";
import { tracerOf } from "../../src/io/tracer.ts";
import type { MaskingKeySource, Side } from "../../src/protocol/frame.ts";
import type { Agreement } from "../../src/protocol/handshake.ts";
import { ManualClock } from "./manual_clock.ts";
import { MemorySocket } from "./memory_socket.ts";
import { describeFrame, parseFrames, type RawFrame } from "./raw_http_frames.ts";

/** What a test says of its connection. */
export interface ConnectionUnderTest extends ConnectionEvents {
  readonly role?: Side;
  readonly limits?: Partial<Limits>;
  readonly maskingKey?: MaskingKeySource;
  /** What was agreed on, with the defaults of this side. */
  readonly deflate?: DeflateParameters;
  readonly head?: Buffer;
  /** Who watches it. */
  readonly trace?: TraceOptions;
  /** The head of a response in front of its frames. */
  readonly response?: string;
}

/** A connection, and both ends of its socket. */
export interface TestConnection {
  readonly connection: SocketConnection;
  readonly socket: MemorySocket;
  readonly peer: MemorySocket;
  readonly clock: ManualClock;
  /** What was reported. */
  readonly errors: unknown[];
  /** How it ended; more than one would be a fault. */
  readonly closed: CloseStatus[];
  /** How often it was said that the socket is gone. */
  readonly ended: () => number;
  /** Lets everything happen that is already on its way. */
  readonly settle: () => Promise<void>;
  /** All frames that were written, each in one line; settles first. */
  readonly said: () => Promise<string[]>;
  /** All frames that were written; settles first. */
  readonly frames: () => Promise<RawFrame[]>;
}

/** What a handshake comes to that is about nothing but the WebSocket. */
export const NOTHING_AGREED: Agreement = { subprotocol: undefined, deflate: undefined };

/** Starts a connection. */
export function startConnection(
  { role = "server", limits, maskingKey, deflate, head = Buffer.alloc(0), trace, response, ...events }:
    ConnectionUnderTest = {},
): TestConnection {
  const [socket, peer] = MemorySocket.pair();
  const clock = new ManualClock();
  const errors: unknown[] = [];
  const closed: CloseStatus[] = [];
  let ended = 0;
  // What the acceptor and the client do, before they hand a socket over.
  socket.on("error", () => undefined);
  peer.on("error", () => undefined);
  peer.resume();
  const connection = new SocketConnection(socket, {
    role,
    limits: resolveLimits(limits),
    clock,
    reportError: (error) => void errors.push(error),
    ended: () => void ended++,
    ...(maskingKey === undefined ? {} : { maskingKey }),
    compression: deflate === undefined ? undefined : DEFLATE_DEFAULTS,
  }, { ...NOTHING_AGREED, deflate });
  tracerOf(trace, clock, (error) => void errors.push(error))?.observe(
    connection,
    role,
    resolveLimits(limits),
    7,
  );
  if (response !== undefined) connection.respond(response);
  connection.start(head, {
    ...events,
    closed: (status, connection) => {
      closed.push(status);
      return events.closed?.(status, connection);
    },
  });
  // Streams, and the end of a turn, take a few turns of the event loop, and no time.
  const settle = async () => {
    for (let turn = 0; turn < 6; turn++) await setImmediate();
  };
  const frames = async () => {
    await settle();
    return parseFrames(socket.written());
  };
  const said = async () => (await frames()).map(describeFrame);
  return { connection, socket, peer, clock, errors, closed, ended: () => ended, settle, said, frames };
}
