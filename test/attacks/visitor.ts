/**
 * A visitor who has a cookie of one server, and opens pages of other sites: in a real browser where there is one, and else as the
 * request that such a browser sends.
 *
 * The cookie says `SameSite=None`, which lets it go along from any site. One that says nothing goes as far in a browser without a default for
 * that, and in one that takes it for `Lax` no further than its own site; but other ports and all subdomains are the same site (RFC 6265bis §5.2).
 *
 * @module
 */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "../browser/browser.ts";
import type { Command } from "../interop/programs.ts";
import { handshake, RawClient } from "../support/raw_http.ts";
import { describeFrame, text } from "../support/raw_http_frames.ts";

/** A page, which is empty: what matters is where it came from. */
export interface Page {
  readonly origin: string;
  close(): Promise<void>;
}

/** Somebody with a cookie. */
export interface Visitor {
  /** What he visits with, for a sentence. */
  readonly kind: "in Chromium" | "as a browser would send it";
  /** Opens a page, which opens a WebSocket. @param says Its first message, if any. @returns The first of the server, or `refused`. */
  connectFrom(page: Page, url: string, says?: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * Serves an empty page at a port of its own, and so at an origin of its own.
 *
 * @param host By either name it is this machine, and the two are two sites.
 */
export async function servePage(host: "127.0.0.1" | "localhost"): Promise<Page> {
  const server: Server = createServer((_request, response) =>
    response.setHeader("Content-Type", "text/html").end()
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  };
  return { origin: `http://${host}:${port}`, close };
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
  await allowThirdParties(browser);
  // A port is no part of a cookie's host (RFC 6265 §8.5). `None` needs a secure one, as this machine is to itself.
  const cookie = { name, value, sameSite: "None", secure: true, path: "/", url: "https://127.0.0.1/" };
  await browser.send("Network.setCookie", cookie);
  return {
    kind: "in Chromium",
    async connectFrom({ origin }, url, says) {
      await browser.send("Page.navigate", { url: origin });
      await browser.until(`location.origin === "${origin}" && document.readyState === "complete"`);
      return String(
        await browser.evaluate(`new Promise((resolve) => {
        const socket = new WebSocket("${url}");
        const says = ${JSON.stringify(says ?? null)};
        if (says !== null) socket.onopen = () => socket.send(says);
        socket.onmessage = ({ data }) => resolve(data);
        socket.onclose = () => resolve("refused");
      })`),
      );
    },
    close: () => browser.close(),
  };
}

/** A window without a head is a private one, and keeps cookies of third parties to itself unless its settings say otherwise. */
async function allowThirdParties(browser: Browser): Promise<void> {
  await browser.send("Page.navigate", { url: "chrome://settings/cookies" });
  await browser.until('location.protocol === "chrome:" && document.readyState !== "loading"');
  await browser.evaluate(`new Promise((resolve) => {
    const { settingsPrivate } = chrome;
    if (settingsPrivate === undefined) resolve();
    else settingsPrivate.setPref("profile.cookie_controls_mode", 0, "", resolve);
  })`);
}

function withoutBrowser(cookie: string): Visitor {
  return {
    kind: "as a browser would send it",
    async connectFrom({ origin }, url, says) {
      const client = await RawClient.open(Number(new URL(url).port));
      const { pathname } = new URL(url);
      client.write(
        handshake({ line: `GET ${pathname} HTTP/1.1`, fields: { Origin: origin, Cookie: cookie } }),
      );
      const { status } = await client.response();
      if (status !== 101) return "refused";
      if (says !== undefined) client.write(text(says));
      const frame = await client.frame();
      return frame.opcode === 1 ? frame.payload.toString() : describeFrame(frame);
    },
    close: () => Promise.resolve(),
  };
}
