/**
 * The JSON that the demo is sent.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { membersOf } from "../base/json_text.ts";
import { answerJson } from "./answer.ts";

const MAX_BODY_BYTES = 4_096;

/** A body, or why there is none: `too_long`, or `no_object` for what is not a JSON object. */
export type JsonBody =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly fault: "too_long" | "no_object" };

/**
 * Reads the body of a request.
 *
 * @param request The request.
 * @returns Its JSON object.
 * @throws When the client breaks off.
 */
export async function readJson(request: IncomingMessage): Promise<JsonBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return { ok: false, fault: "too_long" };
    chunks.push(chunk);
  }
  const value = membersOf(Buffer.concat(chunks).toString("utf8"));
  return value === undefined ? { ok: false, fault: "no_object" } : { ok: true, value };
}

/** Answers a body that cannot be used. @param wanted What should have been sent. */
export function refuseJson(response: ServerResponse, fault: "too_long" | "no_object", wanted: string): void {
  if (fault === "no_object") return answerJson(response, 400, { error: wanted });
  // What is left of the body is not read.
  response.setHeader("Connection", "close");
  answerJson(response, 413, { error: `The body has more than ${MAX_BODY_BYTES} bytes.` });
}
