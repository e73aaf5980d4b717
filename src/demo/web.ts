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
import { answerText, SECURITY_FIELDS } from "./answer.ts";
import { answerAttack } from "./attack_answer.ts";
import type { Address } from "./environment.ts";
import { streamEvents } from "./event_stream.ts";
import { answerLogin } from "./login.ts";
import { isOwnHost, isOwnPage } from "./own_site.ts";
import { ATTACK_PATH, GATE_PATH, TOKEN_PATH, WATCH_PARAMETER, WATCH_PATH } from "./paths.ts";
import { Watches } from "./watch.ts";

const SCRIPTS = [
  "page",
  "panel",
  "compose",
  "elements",
  "log",
  "messages",
  "visitor",
  "portcullis",
  "tour",
  "answers",
  "attacks",
  "door",
  "frames",
  "lease",
  "lens",
  "operator",
  "steps",
  "tabs",
  "views",
  "watch",
  "watched_transport",
];

const STYLES = [
  "colours",
  "elements",
  "controls",
  "overview",
  "tour",
  "panel",
  "log",
  "handshake",
  "frames",
  "registry",
  "attacks",
];

/** The files of the page, by path. Read at the start: nothing that a request says ever reaches the file system. */
const FILES: ReadonlyMap<string, { readonly type: string; readonly body: Buffer }> = new Map([
  ["/", file("index.html", "text/html; charset=utf-8")],
  ...STYLES.map((name) => [`/${name}.css`, file(`${name}.css`, "text/css; charset=utf-8")] as const),
  ...SCRIPTS.map((name) => [`/${name}.js`, file(`${name}.js`, "text/javascript; charset=utf-8")] as const),
]);

/** A page has three panels. */
const MAX_WATCHED = 8;

/** What the requests of the demo are answered with. */
export interface DemoRequestsOptions {
  /** Signs the tokens of the login. */
  readonly keys: { readonly current: HmacKey };
  /** What pages watch. */
  readonly watches: Watches;
  /** Where the server listens. */
  readonly address: Address;
}

/** Answers one request. */
type Answer = (request: IncomingMessage, response: ServerResponse, query: string) => void | Promise<void>;

/** What is answered besides files, by path. */
type Routes = ReadonlyMap<string, { readonly method: "GET" | "POST"; readonly answer: Answer }>;

/**
 * Answers the ordinary requests of the demo.
 *
 * @param options What to work with.
 */
export function demoRequests(options: DemoRequestsOptions): RequestListener {
  const routes = routesOf(options);
  return (request, response) => {
    const { host } = request.headers;
    if (!isOwnHost(host, options.address)) {
      return answerText(
        response,
        421,
        "This server has another name: ask for it by its address, or as localhost.",
      );
    }
    const { path, query } = parseTarget(request.url ?? "") ?? { path: "", query: "" };
    const route = routes.get(path);
    if (route !== undefined) return void answerRoute(request, response, route, query);
    if (path === GATE_PATH) {
      response.setHeader("Upgrade", "websocket");
      return answerText(response, 426, "Upgrade Required");
    }
    const found = FILES.get(path);
    if (found === undefined) return answerText(response, 404, "Not Found");
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.setHeader("Allow", "GET, HEAD");
      return answerText(response, 405, "Method Not Allowed");
    }
    response.writeHead(200, { ...SECURITY_FIELDS, "Content-Type": found.type, "Cache-Control": "no-cache" });
    response.end(found.body);
  };
}

function routesOf({ keys, watches, address }: DemoRequestsOptions): Routes {
  return new Map([
    [TOKEN_PATH, {
      method: "POST",
      answer: (request, response) => answerLogin(request, response, keys.current),
    }],
    [ATTACK_PATH, {
      method: "POST",
      answer: (request, response) => answerAttack(request, response, { address, watches, key: keys.current }),
    }],
    [WATCH_PATH, {
      method: "GET",
      answer: (_request, response, query) => {
        const names = new URLSearchParams(query).getAll(WATCH_PARAMETER);
        const isGood = names.length > 0 && names.length <= MAX_WATCHED && names.every(Watches.isName) &&
          new Set(names).size === names.length;
        if (isGood) streamEvents(response, watches, names);
        else answerText(response, 400, `Name 1 to ${MAX_WATCHED} watches, each once.`);
      },
    }],
  ]);
}

async function answerRoute(
  request: IncomingMessage,
  response: ServerResponse,
  { method, answer }: { readonly method: string; readonly answer: Answer },
  query: string,
): Promise<void> {
  if (request.method !== method) {
    response.setHeader("Allow", method);
    return answerText(response, 405, "Method Not Allowed");
  }
  if (!isOwnPage(request.headers)) {
    return answerText(response, 403, "Only the page of this server may ask for this.");
  }
  try {
    await answer(request, response, query);
  } catch {
    // The client broke off in the middle of its body, or an attack did not get what it needs: the page sees that there was no answer.
    response.destroy();
  }
}

function file(name: string, type: string): { readonly type: string; readonly body: Buffer } {
  return { type, body: readFileSync(new URL(`page/${name}`, import.meta.url)) };
}
