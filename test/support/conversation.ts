/**
 * What a client of a gate is told, read up to a certain point: no test waits for nothing to come.
 *
 * @module
 */

import type { RawClient } from "./raw_http.ts";
import { describeFrame } from "./raw_http_frames.ts";

/** A message of the server. */
export type Told = Record<string, unknown>;

/** Reads up to the reply to a request. @returns Everything, the reply last. */
export async function untilReply(client: RawClient, id: string): Promise<Told[]> {
  const told: Told[] = [];
  for (;;) {
    const frame = await client.frame();
    if (frame.opcode === 8) throw new Error(`Instead of a reply came: ${describeFrame(frame)}`);
    if (frame.opcode !== 1) continue;
    const message = JSON.parse(frame.payload.toString()) as Told;
    told.push(message);
    if (message["re"] === id) return told;
  }
}

/** Reads up to the Close frame. @returns The messages before it, and the frame in one line. */
export async function untilClose(client: RawClient): Promise<{ told: Told[]; close: string }> {
  const told: Told[] = [];
  for (;;) {
    const frame = await client.frame();
    if (frame.opcode === 8) return { told, close: describeFrame(frame) };
    if (frame.opcode === 1) told.push(JSON.parse(frame.payload.toString()) as Told);
  }
}
