/**
 * A visitor who has a cookie of one server, and opens pages of others: in a real browser where there is one, and else as the
 * request that such a browser sends.
 *
 * @module
 */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "../browser/browser.ts";
import type { Command } from "../interop/programs.ts";
import { handshake, RawClient } from "../support/raw_http.ts";
import { describeFrame } from "../support/raw_http_frames.ts";

/** A page, which is empty: what matters is where it came from. */
export interface Page {
  readonly origin: string;
  close(): Promise<void>;
}

/** Somebody with a cookie. */
export interface Visitor {
  /** What he visits with, for a sentence. */
  readonly kind: "Chromium" | "a browser's request";
  /** Opens a page, which opens a WebSocket. @returns The first message, or `refused`. */
  connectFrom(page: Page, url: string): Promise<string>;
  close(): Promise<void>;
}

/** Serves an empty page at a port of its own, and so at an origin of its own. */
export async function servePage(): Promise<Page> {
  const server: Server = createServer((_request, response) =>
    response.setHeader("Content-Type", "text/html").end()
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  };
  return { origin: `http://127.0.0.1:${port}`, close };
}

/** Has somebody visit. @param cookie Of the server, by its name. */
export async function visit(name: string, value: string): Promise<Visitor> {
  // Not at the top: to look for programs takes a moment, which other attacks need not wait for.
  const { CHROMIUM } = await import("../interop/programs.ts");
  return CHROMIUM === undefined ? withoutBrowser(`${name}=${value}`) : await inBrowser(CHROMIUM, name, value);
}

async function inBrowser(command: Command, name: string, value: string): Promise<Visitor> {
  const { Browser } = await import("../browser/browser.ts");
  const browser: Browser = await Browser.open(command, "about:blank");
  // A port is no part of a cookie's host (RFC 6265 §8.5), and a prefix needs a secure one, as this machine is to itself.
  const secure = name.startsWith("__Host-");
  await browser.send("Network.setCookie", { name, value, url: "https://127.0.0.1/", secure, path: "/" });
  return {
    kind: "Chromium",
    async connectFrom({ origin }, url) {
      await browser.send("Page.navigate", { url: origin });
      await browser.until(`location.origin === "${origin}" && document.readyState === "complete"`);
      return String(
        await browser.evaluate(`new Promise((resolve) => {
        const socket = new WebSocket("${url}");
        socket.onmessage = ({ data }) => resolve(data);
        socket.onclose = () => resolve("refused");
      })`),
      );
    },
    close: () => browser.close(),
  };
}

function withoutBrowser(cookie: string): Visitor {
  return {
    kind: "a browser's request",
    async connectFrom({ origin }, url) {
      const client = await RawClient.open(Number(new URL(url).port));
      const { pathname } = new URL(url);
      client.write(
        handshake({ line: `GET ${pathname} HTTP/1.1`, fields: { Origin: origin, Cookie: cookie } }),
      );
      const { status } = await client.response();
      if (status !== 101) return "refused";
      const frame = await client.frame();
      return frame.opcode === 1 ? frame.payload.toString() : describeFrame(frame);
    },
    close: () => Promise.resolve(),
  };
}
