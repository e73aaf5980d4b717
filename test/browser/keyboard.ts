/**
 * The path of a visitor without a mouse: from the first key to a denial, a demotion, a revocation and an attack, by Tab, Enter and arrows.
 *
 * @module
 */

import { SHIFT } from "./browser.ts";
import { type DemoPage, partOf } from "./demo_page.ts";

/** More stops than the page has between any two places of the path. */
const MAX_STOPS = 120;

/** Walks it, on a page that has just been loaded. */
export async function walk(page: DemoPage): Promise<void> {
  await page.reload();
  const { browser } = page;
  await browser.press("Tab");
  await expect(page, `document.activeElement.className === "skip"`, "the first stop is the link that skips");
  await browser.press("Enter");
  for (const role of ["guest", "member", "admin"]) {
    await goTo(page, partOf(role, "connect"));
    await browser.press("Enter");
    await page.shows(role, "state", `with role ${role}`);
    await goTo(page, partOf(role, "send"));
    await browser.press("Enter");
  }
  await page.shows("guest", "log", "role guest not in [member, admin] → denied");
  await page.shows("member", "log", '"type":"ok"');
  await demote(page);
  await revoke(page);
  await goTo(page, `document.querySelector("[data-attack=no_token]")`);
  await browser.press("Enter");
  await browser.until(
    `document.querySelector(".report")?.textContent.includes("Refused: no_credential.") === true`,
  );
}

/** By the tabs of the admin: one stop for all of them, and arrows from one to the next. */
async function demote(page: DemoPage): Promise<void> {
  const { browser } = page;
  await goTo(page, `document.querySelector("#panel-admin-log-tab")`, SHIFT);
  await browser.press("ArrowLeft");
  await expect(
    page,
    `document.activeElement.id === "panel-admin-operator-tab"`,
    "left of the first tab is the last",
  );
  await goTo(page, `document.querySelector('[aria-label="Demote: mia"]')`);
  await browser.press("Enter");
  await page.shows("member", "state", "with role guest");
  await browser.press("Tab", SHIFT);
  await goTo(page, `document.querySelector('[aria-label="Make member: mia"]')`);
  await browser.press("Enter");
  await page.shows("member", "state", "with role member");
}

/** The row goes with the session, and the focus must not go with it. */
async function revoke(page: DemoPage): Promise<void> {
  const { browser } = page;
  await goTo(page, `document.querySelector('[aria-label="Revoke: gus"]')`, SHIFT);
  await browser.press("Enter");
  await page.shows("guest", "state", "Not connected");
  await browser.until(`document.querySelector('[aria-label="Revoke: gus"]') === null`);
  await expect(page, `document.activeElement === ${partOf("admin", "list")}`, "the list has the focus then");
  await goTo(page, partOf("guest", "connect"), SHIFT);
  await browser.press("Enter");
  await page.shows("guest", "state", "with role guest");
}

/** Presses Tab until an element has the focus, which must be seen wherever it is. */
async function goTo(page: DemoPage, element: string, modifiers: 0 | typeof SHIFT = 0): Promise<void> {
  for (let stop = 0; stop < MAX_STOPS; stop++) {
    if (await page.browser.evaluate(`document.activeElement === ${element}`) === true) return;
    await page.browser.press("Tab", modifiers);
    await expect(page, IS_SEEN, "whatever has the focus is outlined");
  }
  throw new Error(`Tab never comes to ${element}`);
}

const IS_SEEN = `document.activeElement === document.body ||
  getComputedStyle(document.activeElement).outlineStyle !== "none"`;

async function expect(page: DemoPage, expression: string, what: string): Promise<void> {
  if (await page.browser.evaluate(expression) === true) return;
  const active = await page.browser.evaluate("document.activeElement.outerHTML.slice(0, 200)");
  throw new Error(`It is not so that ${what}: ${String(active)}`);
}
