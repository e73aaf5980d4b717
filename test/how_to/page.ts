/**
 * The page of docs/how_to/clients.md in a real Chromium.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Browser } from "../browser/browser.ts";
import type { Command } from "../interop/programs.ts";
import { makePageClient } from "../support/page_client.ts";
import { startChat } from "./chat_server.ts";

/** Something else, in a page that takes texts for markup. */
const TEXT = "<b>hello</b>";

/**
 * Has somebody say something in the page, and read it.
 *
 * @param chromium The browser.
 * @param page The page, whole.
 * @throws {Error} When nothing comes of it, or the browser complains.
 */
export async function tryPage(chromium: Command, page: string): Promise<void> {
  const chat = await startChat(
    new Map([
      ["/", { type: "text/html", body: page }],
      ["/portcullis.js", { type: "text/javascript", body: makePageClient() }],
    ]),
  );
  try {
    const browser = await Browser.open(chromium, `http://127.0.0.1:${chat.port}/`);
    try {
      await sayIn(browser);
    } finally {
      await browser.close();
    }
  } finally {
    await chat.stop();
  }
}

async function sayIn(browser: Browser): Promise<void> {
  await browser.until(`document.querySelector("#state")?.textContent === "open"`);
  await browser.evaluate(`document.querySelector("input").value = ${JSON.stringify(TEXT)}`);
  await browser.evaluate(`document.querySelector("form").requestSubmit()`);
  await browser.until(`document.querySelector("#said li") !== null`);
  const item = await browser.evaluate(`document.querySelector("#said li").textContent`);
  assert.equal(item, `ada: ${TEXT}`);
  await browser.until(`document.querySelector("input").value === ""`);
  assert.deepEqual(browser.complaints, []);
}
