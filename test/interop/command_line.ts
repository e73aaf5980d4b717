/**
 * The command line at servers that are not ours: `connect` as a user types it, and `inspect` on the bytes that such a server has sent.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { connect as connectTcp } from "node:net";
import { cli } from "../support/cli.ts";
import { frame } from "../support/frames.ts";
import { handshake } from "../support/raw_http.ts";

/** How long a server has for its answers; a connection that is asked to close ends long before. */
const DEADLINE_MS = 10_000;

/**
 * Talks to a server by `portcullis connect`, and looks at its bytes by `portcullis inspect`.
 *
 * @param url Where an echo server listens.
 * @param deflate Whether it compresses for clients that offer it.
 * @returns `ok …`, or what went wrong.
 */
export async function tryCommandLine(url: string, deflate: boolean): Promise<string> {
  const options = ["--wait", "1s", "--frames", "-s", "chat", ...(deflate ? ["--deflate"] : [])];
  const talk = await cli(["connect", url, ...options], { stdin: "Grüße\n/binary 00ff\n/ping x\n" });
  for (
    const line of [
      "← Grüße",
      "← 2 bytes 00ff",
      "← pong x",
      "closed 1000 by us: The purpose of the connection is fulfilled.",
    ]
  ) {
    if (!talk.out.includes(`${line}\n`)) return `FAILED: connect does not say "${line}": ${talk.out}`;
  }
  if (talk.code !== 0 || talk.out.includes("✖")) return `FAILED: connect ends with ${talk.code}: ${talk.out}`;
  const stdin = await capture(url, deflate);
  const seen = await cli(["inspect", ...(deflate ? ["--deflate"] : [])], { stdin });
  if (seen.code !== 0) return `FAILED: inspect ends with ${seen.code}: ${seen.out}${seen.err}`;
  if (!seen.out.includes("server → client  close, 2 bytes\n")) {
    return `FAILED: inspect shows no Close frame: ${seen.out}`;
  }
  return `ok, the command line${deflate ? ", compressed" : ""}`;
}

/** What a server sends on a connection, from the head of its 101 on. */
function capture(url: string, deflate: boolean): Promise<Buffer> {
  const { hostname, port, host } = new URL(url);
  const fields = {
    "Host": host,
    "Sec-WebSocket-Protocol": "chat",
    "Sec-WebSocket-Extensions": deflate ? "permessage-deflate; client_max_window_bits" : undefined,
  };
  const said = [
    frame({ opcode: 1, masked: true, payload: "x".repeat(300) }),
    frame({ opcode: 2, masked: true, payload: randomBytes(70_000) }),
    frame({ opcode: 9, masked: true, payload: "p" }),
    frame({ opcode: 8, masked: true, payload: Buffer.from([3, 232]) }),
  ];
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connectTcp(Number(port), hostname);
    socket.setTimeout(DEADLINE_MS, () => socket.destroy(new Error("It does not answer.")));
    socket.on("error", reject);
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("close", () => resolve(Buffer.concat(chunks)));
    socket.write(handshake({ line: "GET / HTTP/1.1", fields }));
    for (const bytes of said) socket.write(bytes);
  });
}
