/**
 * Ordinary requests, written by hand: `fetch` would add fields of its own, and refuse others.
 *
 * @module
 */

import { exchange, parseResponse, type RawResponse } from "./raw_http.ts";

/** What differs from `GET /check`. */
export interface PlainRequest {
  readonly method?: string;
  readonly target?: string;
  /** A list repeats the field. */
  readonly fields?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: string;
}

/** Writes a request that is the last one on its connection. */
export function plainRequest(
  { method = "GET", target = "/check", fields = {}, body = "" }: PlainRequest,
): string {
  const all: Record<string, string | readonly string[] | undefined> = {
    "Host": "server.example",
    "Connection": "close",
    ...(body === "" ? {} : { "Content-Length": String(body.length) }),
    ...fields,
  };
  const lines = Object.entries(all).flatMap(([name, values]) =>
    (values === undefined ? [] : [values].flat()).map((value) => `${name}: ${value}`)
  );
  return `${[`${method} ${target} HTTP/1.1`, ...lines].join("\r\n")}\r\n\r\n${body}`;
}

/** Sends a request, and waits for the whole answer. */
export async function ask(port: number, request: PlainRequest = {}): Promise<RawResponse> {
  const { text } = await exchange(port, plainRequest(request));
  const response = parseResponse(text);
  if (response.fields["transfer-encoding"] !== "chunked") return response;
  return { ...response, body: dechunked(response.body) };
}

/** RFC 9112 §7.1, as far as a server sends it: sizes in hexadecimal, no extensions, no trailers. */
function dechunked(body: string): string {
  const end = body.indexOf("\r\n");
  const size = Number.parseInt(body.slice(0, end), 16);
  if (size === 0) return "";
  return body.slice(end + 2, end + 2 + size) + dechunked(body.slice(end + 4 + size));
}
