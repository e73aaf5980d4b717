/**
 * More than a server or a page can bear: hundreds of messages a second, for as long as a visitor would notice, and as many streams as
 * there may be. The page must go on, and say what it leaves out.
 *
 * @module
 */

import { setTimeout as wait } from "node:timers/promises";
import { connect, type Connection } from "../../src/mod.ts";
import type { DemoPage } from "./demo_page.ts";

const SPEAKERS = 60;
const SECONDS = 3;
/** As many as the demo takes. */
const MAX_STREAMS = 64;
/** What the table lets each of them say. */
const PER_SECOND = 5;
/** A page that does nothing for longer is called frozen. */
const MAX_STILL_MS = 1_000;

/** Has many speak at once in the room of the three panels. */
export async function flood(page: DemoPage): Promise<void> {
  await page.choose("member", "frames");
  await page.browser.evaluate(`{
    window.longestStill = 0;
    let last = performance.now();
    window.beat = setInterval(() => {
      const now = performance.now();
      window.longestStill = Math.max(window.longestStill, now - last);
      last = now;
    }, 20);
  }`);
  const speakers = await Promise.all(
    Array.from({ length: SPEAKERS }, (_, i) => enter(page.url, `speaker-${i}`)),
  );
  const say = JSON.stringify({ type: "chat.say", data: { room: "lobby", text: "We all talk at once." } });
  for (let second = 0; second < SECONDS; second++) {
    for (const speaker of speakers) for (let i = 0; i < PER_SECOND; i++) speaker.send(say);
    await wait(1_000);
  }
  for (const speaker of speakers) speaker.close();
  await page.shows("member", "frames", "came too fast to be shown, and were left out");
  await page.shows("member", "log", "entries were left out");
  const still = Number(await page.browser.evaluate("clearInterval(window.beat), window.longestStill"));
  if (!(still < MAX_STILL_MS)) throw new Error(`The page stood still for ${Math.round(still)} ms.`);
}

/** Takes all streams that there may be, as soon as whoever had one has gone. @returns Gives them back. */
export async function crowd(url: string): Promise<() => void> {
  // Kept: a response that nobody refers to any more is collected, and its stream with it.
  const taken: Response[] = [];
  while (taken.length < MAX_STREAMS) {
    const response = await fetch(`${url}/watch?watch=${crypto.randomUUID()}`);
    if (response.status === 200) taken.push(response);
    else await wait(100);
  }
  return () => {
    for (const { body } of taken) void body?.cancel();
  };
}

async function enter(url: string, name: string): Promise<Connection> {
  const body = JSON.stringify({ name, role: "member" });
  const response = await fetch(`${url}/token`, { method: "POST", body });
  const { token } = await response.json() as { readonly token: string };
  const connection = await connect(`${url.replace("http", "ws")}/ws`, {
    token,
    subprotocols: ["portcullis.v1"],
  });
  connection.send(JSON.stringify({ type: "chat.join", data: { room: "lobby" } }));
  return connection;
}
