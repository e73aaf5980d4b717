/**
 * The demo's page in a real Chromium: `node run.ts run` prints a line for each thing tried, and exits with 1 when one failed.
 * Without a Chromium on this machine it says so, and exits with 0.
 *
 * @module
 */

import process from "node:process";
import { CHROMIUM } from "../interop/programs.ts";
import { DemoPage } from "./demo_page.ts";

/** What is tried, in this order, on one page. */
const STEPS: Readonly<Record<string, (page: DemoPage) => Promise<void>>> = {
  "three people connect": async (page) => {
    await page.press("member", "connect");
    await page.press("admin", "connect");
    await page.press("guest", "connect");
    for (const role of ["guest", "member", "admin"]) await page.shows(role, "state", `with role ${role}`);
  },
  "a member has the power of the button": async (page) => {
    await page.shows("member", "send", "Send");
    await page.press("member", "send");
    await page.shows("member", "log", '"type":"ok"');
  },
  "a member who is demoted in another panel loses it at once": async (page) => {
    await page.compose("admin", "user.role", { subject: "mia", role: "guest" });
    await page.shows("member", "state", "with role guest");
    await page.shows("member", "send", "Send, and be denied");
    await page.press("member", "send");
    await page.shows("member", "log", "forbidden: Your roles do not allow this message.");
  },
  "and has it back when he is a member again": async (page) => {
    await page.compose("admin", "user.role", { subject: "mia", role: "member" });
    await page.shows("member", "state", "with role member");
    await page.press("member", "clear");
    await page.press("member", "send");
    await page.shows("member", "log", '"type":"ok"');
  },
  "a guest who is kicked is told to stop, and stays out": async (page) => {
    await page.compose("admin", "user.kick", { subject: "gus" });
    await page.shows("guest", "close", "3003");
    await page.shows("guest", "state", "Not connected");
  },
  "a server that restarts with another key finds its clients back": async (page) => {
    await page.restart();
    for (const role of ["member", "admin"]) await page.shows(role, "state", "Connect");
    for (const role of ["member", "admin"]) await page.shows(role, "state", `with role ${role}`);
  },
};

/** @param screenshot Where to put a picture of the page as it is at the end. */
async function main(screenshot?: string): Promise<boolean> {
  if (CHROMIUM === undefined) {
    console.log("browser: skipped, no Chromium on this machine");
    return true;
  }
  const page = await DemoPage.open(CHROMIUM);
  let failed = 0;
  for (const [name, step] of Object.entries(STEPS)) {
    const problem = await step(page).then(() => undefined, (error: unknown) => error);
    console.log(
      `${problem === undefined ? "✔" : "✖"} ${name}${problem === undefined ? "" : `: ${String(problem)}`}`,
    );
    if (problem !== undefined) failed++;
  }
  if (screenshot !== undefined) await page.picture(screenshot);
  const complaints = await page.close();
  for (const complaint of complaints) console.log(`✖ the console says: ${complaint}`);
  console.log(
    `browser: ${Object.keys(STEPS).length - failed} steps passed, ${failed + complaints.length} failed`,
  );
  return failed + complaints.length === 0;
}

if (process.argv[2] === "run") process.exit(await main(process.argv[3]) ? 0 : 1);
