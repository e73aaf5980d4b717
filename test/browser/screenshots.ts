/**
 * The pictures of the documentation: `node screenshots.ts write` takes them of the page as it is, into `docs/pictures`.
 *
 * @module
 */

import { mkdirSync } from "node:fs";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { CHROMIUM } from "../interop/programs.ts";
import { DemoPage, partOf } from "./demo_page.ts";

const FOLDER = fileURLToPath(new URL("../../docs/pictures/", import.meta.url));

/** Long enough for what is drawn a moment after an event, and for colours to change. */
const SETTLE_MS = 500;

const ROLES = ["guest", "member", "admin"];

/** One picture. */
interface Picture {
  readonly width: number;
  readonly scheme: "light" | "dark";
  /** What of the page is on it. */
  readonly of: string;
}

const PICTURES: Readonly<Record<string, Picture>> = {
  "inspector": { width: 1_280, scheme: "light", of: "#panels" },
  "inspector_dark": { width: 1_280, scheme: "dark", of: "#panels" },
  "inspector_phone": { width: 390, scheme: "light", of: ".panel:nth-of-type(2)" },
  "attack": { width: 1_280, scheme: "light", of: "#attacks" },
};

/** What happens before: somebody is let in, somebody is denied, and an attack is refused. */
async function play(page: DemoPage): Promise<void> {
  for (const role of ROLES) await page.press(role, "connect");
  for (const role of ROLES) await page.shows(role, "state", `with role ${role}`);
  await page.press("member", "send");
  await page.press("guest", "send");
  await page.shows("guest", "log", "denied: forbidden");
  await page.choose("member", "frames");
  await page.shows("member", "frames", "to the gate");
  await page.choose("admin", "operator");
  await page.shows("admin", "list", "mia");
  const frame = `[...${partOf("member", "frames")}.querySelectorAll("details.in")].at(-1)`;
  await page.browser.evaluate(`${frame}.open = true`);
  await page.attack("unmasked_frame");
  // After the button that was pressed, nothing is hovered or has the focus.
  await page.browser.evaluate(`${frame}.scrollIntoView({ block: "start" }), document.activeElement.blur()`);
}

async function write(): Promise<void> {
  if (CHROMIUM === undefined) return console.log("screenshots: skipped, no Chromium on this machine");
  mkdirSync(FOLDER, { recursive: true });
  const page = await DemoPage.open(CHROMIUM);
  await play(page);
  // A picture beyond the viewport is laid out without a scrollbar, half of whose width would move what was measured.
  await page.browser.send("Emulation.setScrollbarsHidden", { hidden: true });
  for (const [name, { width, scheme, of }] of Object.entries(PICTURES)) {
    await page.browser.resize(width, 900);
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await page.browser.send("Emulation.setEmulatedMedia", { features });
    await wait(SETTLE_MS);
    await page.picture(`${FOLDER}${name}.webp`, of);
    console.log(`docs/pictures/${name}.webp: written`);
  }
  await page.close();
}

if (process.argv[2] === "write") await write();
