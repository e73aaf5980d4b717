/**
 * What each answer of the demo has in common: the fields that keep it from being taken for something else.
 *
 * @module
 */

import type { ServerResponse } from "node:http";

/** The page may load its own files and talk to its own server, and nothing else; and nothing is read as what it does not say it is. */
export const SECURITY_FIELDS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** Answers with a line of text. */
export function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...SECURITY_FIELDS, "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}

/** Answers with JSON, which nobody keeps. */
export function answerJson(response: ServerResponse, status: number, body: object): void {
  const fields = { "Content-Type": "application/json", "Cache-Control": "no-store" };
  response.writeHead(status, { ...SECURITY_FIELDS, ...fields });
  response.end(JSON.stringify(body));
}
