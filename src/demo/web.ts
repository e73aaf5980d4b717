/**
 * The demo's web pages: the files of one page, and the login.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { HmacKey } from "../mod.ts";
import { parseTarget } from "../protocol/handshake.ts";
import { answerLogin } from "./login.ts";

const SCRIPTS = ["page", "panel", "compose", "elements", "log", "messages", "visitor", "portcullis", "tour"];

/** The files of the page, by path. Read at the start: nothing that a request says ever reaches the file system. */
const FILES: ReadonlyMap<string, { readonly type: string; readonly body: Buffer }> = new Map([
  ["/", file("index.html", "text/html; charset=utf-8")],
  ["/page.css", file("page.css", "text/css; charset=utf-8")],
  ...SCRIPTS.map((name) => [`/${name}.js`, file(`${name}.js`, "text/javascript; charset=utf-8")] as const),
]);

/** The page may load its own files and talk to its own server, and nothing else. */
const SECURITY_FIELDS = {
  "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** Where the gate is. What comes here as an ordinary request has lost its upgrade on the way, as behind a proxy. */
export const GATE_PATH = "/ws";

/** Where the gate says what an upgrade would be, which a page is not told otherwise. */
export const CHECK_PATH = "/ws/check";

/** Where the gate gives out tickets. */
export const TICKET_PATH = "/ws/ticket";

/**
 * Answers the ordinary requests of the demo.
 *
 * @param key Signs the tokens of the login.
 */
export function demoRequests(key: HmacKey): RequestListener {
  return (request, response) => {
    const path = parseTarget(request.url ?? "")?.path ?? "";
    if (path === "/token") return void answerToken(request, response, key);
    if (path === GATE_PATH) {
      response.setHeader("Upgrade", "websocket");
      return end(response, 426, "Upgrade Required");
    }
    const found = FILES.get(path);
    if (found === undefined) return end(response, 404, "Not Found");
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      return end(response, 405, "Method Not Allowed");
    }
    response.writeHead(200, { ...SECURITY_FIELDS, "Content-Type": found.type, "Cache-Control": "no-cache" });
    response.end(found.body);
  };
}

async function answerToken(request: IncomingMessage, response: ServerResponse, key: HmacKey): Promise<void> {
  if (request.method !== "POST") {
    response.setHeader("Allow", "POST");
    return end(response, 405, "Method Not Allowed");
  }
  try {
    await answerLogin(request, response, key);
  } catch {
    response.destroy(); // The client broke off in the middle of its body, and there is nobody left to answer.
  }
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...SECURITY_FIELDS, "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}

function file(name: string, type: string): { readonly type: string; readonly body: Buffer } {
  return { type, body: readFileSync(new URL(`page/${name}`, import.meta.url)) };
}
