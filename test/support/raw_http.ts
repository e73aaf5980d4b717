/**
 * A client that sends whatever bytes it is given, and keeps everything that comes back until the end of TCP.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import { describeFrame, parseFrame, type RawFrame } from "./raw_http_frames.ts";

/** Only for a server that never answers: a test that hangs says why. No test waits for it to pass. */
const WATCHDOG_MS = 8_000;

/** A response, taken apart. */
export interface RawResponse {
  readonly status: number;
  /** The whole status line. */
  readonly line: string;
  /** By name in lower case; a field that came twice is joined with ` & `, so that no test takes it for one. */
  readonly fields: Readonly<Record<string, string>>;
  /** Everything behind the head. */
  readonly body: string;
}

/** A connection with nothing above TCP. */
export class RawClient {
  readonly socket: Socket;
  /** Resolves with all that is left unread, when TCP has ended (`end`) or broken (`reset`). */
  readonly finished: Promise<{ readonly how: "end" | "reset"; readonly rest: Buffer }>;
  #bytes: Buffer = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    let failure: Error | undefined;
    let fin = false;
    socket.on("error", (error) => failure = error);
    socket.on("data", (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake();
    });
    socket.on("end", () => fin = true);
    socket.setTimeout(WATCHDOG_MS, () => socket.destroy(new Error("the server did not answer")));
    this.finished = new Promise((resolve, reject) => {
      socket.once("close", () => {
        this.#ended = true;
        this.#wake();
        if (failure?.message === "the server did not answer") return reject(failure);
        resolve({ how: fin && failure === undefined ? "end" : "reset", rest: this.#bytes });
      });
    });
    // A test that does not care how it ends must not fail for it.
    this.finished.catch(() => undefined);
  }

  /** Connects to a port of this machine. */
  static open(port: number, host = "127.0.0.1", allowHalfOpen = false): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host, allowHalfOpen, noDelay: true });
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(new RawClient(socket));
      });
    });
  }

  /** Sends bytes; a character of a string is one of them. */
  write(bytes: string | Uint8Array): void {
    this.socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  }

  /** Sends FIN. */
  end(): void {
    this.socket.end();
  }

  /** Sends RST. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  /** Waits for the head of a response, and takes it off what has come. */
  async response(): Promise<RawResponse> {
    const end = await this.#until(() => {
      const at = this.#bytes.indexOf("\r\n\r\n");
      return at < 0 ? undefined : at + 4;
    });
    const head = this.#take(end);
    return parseResponse(head.toString("latin1"));
  }

  /** Waits for a frame, and takes it off what has come. */
  async frame(): Promise<RawFrame> {
    const { frame, size } = await this.#until(() => parseFrame(this.#bytes));
    this.#take(size);
    return frame;
  }

  /** Waits for a frame, and says it in one line. */
  async said(): Promise<string> {
    return describeFrame(await this.frame());
  }

  /** Waits for a text frame, and parses its JSON. */
  async json(): Promise<Record<string, unknown>> {
    const { opcode, payload } = await this.frame();
    if (opcode !== 1) throw new Error(`expected text, got ${describeFrame({ opcode, payload })}`);
    return JSON.parse(payload.toString()) as Record<string, unknown>;
  }

  #take(count: number): Buffer {
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  async #until<Found>(find: () => Found | undefined): Promise<Found> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.#ended) {
        throw new Error(`TCP ended early, behind: ${JSON.stringify(this.#bytes.toString("latin1"))}`);
      }
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }
}

/** Sends bytes, and waits for the end of TCP. @returns All that came, and how it ended. */
export async function exchange(
  port: number,
  bytes: string | Uint8Array,
): Promise<{ readonly how: "end" | "reset"; readonly text: string }> {
  const client = await RawClient.open(port);
  client.write(bytes);
  const { how, rest } = await client.finished;
  return { how, text: rest.toString("latin1") };
}

/** Takes a response apart. */
export function parseResponse(text: string): RawResponse {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [line = "", ...lines] = head.split("\r\n");
  const fields: Record<string, string> = {};
  for (const field of lines) {
    const colon = field.indexOf(":");
    const name = field.slice(0, colon).toLowerCase();
    const value = field.slice(colon + 1).trim();
    fields[name] = name in fields ? `${fields[name]} & ${value}` : value;
  }
  return { status: Number(line.split(" ")[1]), line, fields, body: rest.join("\r\n\r\n") };
}

/** The key of the example in RFC 6455 §1.3. */
export const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
/** The answer to it, from the same place. */
export const ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/** What differs from a plain, valid handshake. */
export interface HandshakeShape {
  readonly line?: string;
  /** Fields to change (a string), to repeat (a list), to leave out (`undefined`) or to add. */
  readonly fields?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Writes a handshake, by default the one of RFC 6455 §1.2, as far as this server asks for it. */
export function handshake({ line = "GET /ws HTTP/1.1", fields = {} }: HandshakeShape = {}): string {
  const all: Record<string, string | readonly string[] | undefined> = {
    "Host": "server.example",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": KEY,
    "Sec-WebSocket-Version": "13",
    ...fields,
  };
  const lines = Object.entries(all).flatMap(([name, values]) =>
    (values === undefined ? [] : [values].flat()).map((value) => `${name}: ${value}`)
  );
  return `${[line, ...lines].join("\r\n")}\r\n\r\n`;
}
