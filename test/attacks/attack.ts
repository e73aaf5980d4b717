/**
 * What an attack is, and where it is tried: on a server as people write it, and on the gate.
 *
 * @module
 */

import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import process from "node:process";
import { setImmediate } from "node:timers/promises";
import { hostSmallGate, type SmallGate, type SmallGateOptions } from "../support/gate_small.ts";
import { mint } from "../support/minted.ts";
import { handshake, type HandshakeShape, RawClient } from "../support/raw_http.ts";
import { describeFrame, text } from "../support/raw_http_frames.ts";
import type { Program } from "../support/server_process.ts";

// #region attack
/** One way in, tried on both. */
export interface Attack {
  /** That of its file. */
  readonly name: string;
  /** What is done, in one sentence. */
  readonly summary: string;
  /** The clause that speaks of it, or the kind of advisory in which it keeps coming back. */
  readonly clause: string;
  /** What is sent, step by step; bytes in hexadecimal. */
  readonly sends: readonly string[];
  /** The naive server that falls, by its file in `test/attacks/naive`. */
  readonly naive: NaiveName;
  /** The line that refuses it: as it stands in the file, but for the blanks around it. It stands there once. */
  readonly defence: Defence;
  /** A line behind that one which would refuse it as well: the attack succeeds when both are gone. */
  readonly behind?: Defence | undefined;
  /** The chapter of the course that explains the defence. */
  readonly chapter: number;
  /** Why it cannot be tried on this runtime. */
  readonly skip?: string | undefined;
  /** Tries it on a server without the defence. */
  againstNaive(): Promise<Outcome>;
  /** Tries it on the gate. */
  againstGate(): Promise<Outcome>;
}
// #endregion

/** A line of the library. */
export interface Defence {
  readonly file: `src/${string}`;
  readonly text: string;
}

/** A naive server: its file, without `.ts`. */
export type NaiveName =
  | "article"
  | "chat"
  | "echo"
  | "first_message"
  | "subprotocol"
  | "tickets"
  | "upload";

/** What came of it. */
export interface Outcome {
  readonly succeeded: boolean;
  /** What was seen, in a plain sentence. */
  readonly evidence: string;
}

/** Says what was seen, whichever it was. */
export function outcome(succeeded: boolean, whenSo: string, whenNot: string): Outcome {
  return { succeeded, evidence: succeeded ? whenSo : whenNot };
}

/** A naive server that listens. */
export interface NaiveTarget {
  readonly port: number;
  /** The sockets as the server sees them, the oldest first. */
  readonly sockets: readonly Socket[];
  /** Sends a handshake, and reads the head of the answer. */
  knock(shape?: HandshakeShape): ReturnType<SmallGate["knock"]>;
}

/** Starts a naive server, does something to it, and cuts everything off. */
export async function onNaive(
  server: Server,
  attack: (target: NaiveTarget) => Promise<Outcome>,
): Promise<Outcome> {
  const sockets: Socket[] = [];
  server.on("connection", (socket: Socket) => {
    sockets.push(socket);
    // It shares a process with the tests. What a reset does to one of its own is an attack by itself.
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const knock = async (shape: HandshakeShape = {}) => {
    const client = await RawClient.open(port);
    client.write(handshake(shape));
    return { client, answer: await client.response() };
  };
  try {
    return await attack({ port, sockets, knock });
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Starts a gate, does something to it, and cuts everything off. */
export async function onGate(
  options: SmallGateOptions,
  attack: (gate: SmallGate) => Promise<Outcome>,
): Promise<Outcome> {
  const gate = await hostSmallGate(options);
  try {
    return await attack(gate);
  } finally {
    await gate.stop();
  }
}

/**
 * Looks whether a naive server in a process of its own is still there.
 *
 * @param answer Comes when it is.
 * @returns How the process ended; `undefined` when it had to be ended from here.
 */
export async function exitOf(
  program: Program,
  answer: Promise<unknown>,
): Promise<number | string | undefined> {
  const exit = await Promise.race([program.ended, answer.then(() => undefined, () => program.ended)]);
  program.signal("SIGKILL");
  await program.ended;
  return exit ?? undefined;
}

/** Sends a message as a member, on a connection of its own. @returns What came back, in a word: `ok`, the code of a denial, a Close frame. */
export async function answerTo(gate: SmallGate, message: object): Promise<string> {
  const { client } = await gate.enter(mint(gate.clock));
  client.write(text(JSON.stringify(message)));
  const frame = await client.frame();
  if (frame.opcode !== 1) return describeFrame(frame);
  const { type, code = type } = JSON.parse(frame.payload.toString()) as Readonly<Record<string, unknown>>;
  return String(code);
}

/** Says what came, once where it came several times. */
export function each(answers: readonly string[]): string {
  return [...new Set(answers)].join(" or ");
}

/** Why the gate last refused somebody, in the words of its own log. */
export function reasonOf({ decisions }: SmallGate): string {
  return decisions.at(-1)?.refused?.reason ?? "nothing";
}

/** For a server that never comes to what is waited for. */
const PATIENCE_MS = 8_000;

/** Lets the event loop turn until something is true. */
export async function until(isTrue: () => boolean, what: string): Promise<void> {
  if (!await comesTrue(isTrue, PATIENCE_MS)) throw new Error(`It never came to this: ${what}`);
}

/** For what only a server with its defence comes to: so long does the attack wait that has won. */
const DOUBT_MS = 2_000;

/** Lets the event loop turn until something is true, but not for ever. @returns Whether it is. */
export async function comesTrue(isTrue: () => boolean, patienceMs: number = DOUBT_MS): Promise<boolean> {
  for (const began = performance.now(); !isTrue(); await setImmediate()) {
    if (performance.now() - began > patienceMs) return false;
  }
  return true;
}

/** What the process holds outside of the collector's heap, as buffers are, garbage included. */
export function heldBytes(): number {
  return process.memoryUsage().external;
}

/** Writes a number of bytes for people. */
export function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
