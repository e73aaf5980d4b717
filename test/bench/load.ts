/**
 * A load generator that is cheaper than any server: raw sockets, frames built before the clock starts, replies only
 * counted. Run as a process of its own: `node load.ts URL '{"connections":50,"depth":32,…}'`; prints one line of JSON.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import process from "node:process";

/** What a load is made of. */
export interface Load {
  readonly connections: number;
  /** Messages under way on each connection. */
  readonly depth: number;
  readonly payloadBytes: number;
  readonly kind: "text" | "binary";
  /** How long is measured, behind a warm-up of a fifth of it. */
  readonly durationMs: number;
}

const [program, url, load] = process.argv.slice(1);
if (program?.endsWith("load.ts") && url !== undefined && load !== undefined) {
  console.log(
    JSON.stringify({
      messagesPerSecond: Math.round(
        await measure(new URL(url), JSON.parse(load) as Load),
      ),
    }),
  );
  process.exit(0);
}

async function measure(target: URL, load: Load): Promise<number> {
  const header = load.payloadBytes < 126 ? 2 : load.payloadBytes < 65_536 ? 4 : 10;
  const replyBytes = header + load.payloadBytes;
  const batches = batchesOf(load);
  let messages = 0;
  const opened = Array.from({ length: load.connections }, async () => {
    const { socket } = await open(target);
    let pendingBytes = 0;
    socket.on("data", (chunk: Buffer) => {
      pendingBytes += chunk.length;
      const complete = Math.floor(pendingBytes / replyBytes);
      if (complete === 0) return;
      pendingBytes -= complete * replyBytes;
      messages += complete;
      for (let left = complete; left > 0; left -= load.depth) {
        socket.write(batches[Math.min(left, load.depth)] as Buffer);
      }
    });
    return socket;
  });
  const sockets = await Promise.all(opened);
  for (const socket of sockets) socket.write(batches[load.depth] as Buffer);
  await sleep(load.durationMs / 5);
  const before = messages;
  const startMs = performance.now();
  await sleep(load.durationMs);
  const rate = ((messages - before) * 1000) / (performance.now() - startMs);
  for (const socket of sockets) socket.destroy();
  return rate;
}

/** Entry `n` holds `n` masked frames, one behind the other. */
function batchesOf({ depth, payloadBytes, kind }: Load): Buffer[] {
  const frame = maskedFrame(
    kind === "text" ? 1 : 2,
    Buffer.alloc(payloadBytes, "a"),
  );
  return Array.from(
    { length: depth + 1 },
    (_, n) => Buffer.concat(Array.from({ length: n }, () => frame)),
  );
}

/** @param first The opcode, and RSV1 of a compressed message. */
export function maskedFrame(first: number, payload: Buffer): Buffer {
  const { length } = payload;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = 0x80 | first;
  header[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (header.length === 4) header.writeUInt16BE(length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
  const key = randomBytes(4);
  return Buffer.concat([
    header,
    key,
    payload.map((octet, i) => octet ^ (key[i & 3] as number)),
  ]);
}

/** Opens a WebSocket. @param fields Further lines of the request. @returns The socket, and the head of the response. */
export function open(
  target: URL,
  fields = "",
): Promise<{ socket: Socket; head: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(target.port), target.hostname);
    socket.setNoDelay(true);
    socket.once("error", reject);
    socket.write(
      `GET ${target.pathname} HTTP/1.1\r\nHost: ${target.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${
          randomBytes(16).toString("base64")
        }\r\nSec-WebSocket-Version: 13\r\n${fields}\r\n`,
    );
    socket.once("data", (chunk: Buffer) => {
      const head = chunk.toString("latin1");
      if (head.startsWith("HTTP/1.1 101")) resolve({ socket, head });
      else reject(new Error(`No 101 but ${head.slice(0, 40)}`));
    });
  });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
