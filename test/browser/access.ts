/**
 * What everybody needs who does not see the page, has no mouse, or has a phone.
 *
 * @module
 */

import type { DemoPage } from "./demo_page.ts";

/** Roles of things that do something, and so must say what. */
const NAMED = new Set(["button", "textbox", "combobox", "tab", "link", "progressbar", "tablist", "tabpanel"]);

interface AxNode {
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
}

/** Whatever does something says what. */
export async function namesEverything({ browser }: DemoPage): Promise<void> {
  const { nodes } = await browser.send("Accessibility.getFullAXTree") as unknown as {
    readonly nodes: readonly AxNode[];
  };
  const named = nodes.filter(({ ignored, role }) => !ignored && NAMED.has(role?.value ?? ""));
  const nameless = named.filter(({ name }) => (name?.value ?? "") === "");
  if (named.length < 40) throw new Error(`There are only ${named.length} of them.`);
  if (nameless.length > 0) {
    throw new Error(`Without a name: ${nameless.map(({ role }) => role?.value).join(", ")}`);
  }
}

/** No heading is more than a level below the one before it, with a report and all tabs filled, as the steps before have left them. */
export async function leavesOutNoLevel({ browser }: DemoPage): Promise<void> {
  const skipped = await browser.evaluate(`(() => {
    const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")];
    const levels = headings.map(({ tagName }) => Number(tagName[1]));
    return headings.filter((_heading, at) => levels[at] > (levels[at - 1] ?? 0) + 1).map(({ outerHTML }) => outerHTML).join();
  })()`);
  if (skipped !== "") throw new Error(`A level is left out before: ${String(skipped)}`);
  const deepest = await browser.evaluate(`document.querySelectorAll("h5").length`);
  if (!(Number(deepest) > 0)) throw new Error("There is nothing to look at.");
}

/** Nobody scrolls sideways on a phone. */
export async function fitsNarrowScreens({ browser }: DemoPage): Promise<void> {
  for (const width of [390, 320]) {
    await browser.resize(width, 800);
    const needed = Number(await browser.evaluate("document.documentElement.scrollWidth"));
    if (needed > width) throw new Error(`The page is ${needed} pixels wide, and the screen ${width}.`);
  }
  await browser.resize(1_280, 900);
}

/** What comes of ArrowLeft on the second tab, by what is pressed with it. */
const ARROWS = [
  ["", "log, taken"],
  [", altKey: true", "door, left alone"],
  [", ctrlKey: true", "door, left alone"],
  [", metaKey: true", "door, left alone"],
] as const;

/** Tabs are gone through by arrows, but with Alt an arrow leads back to the page before. */
export async function leavesArrows({ browser }: DemoPage): Promise<void> {
  const press = (modifier: string) =>
    browser.evaluate(`(() => {
    const tab = document.querySelector("#panel-guest-door-tab");
    const event = new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true, cancelable: true${modifier} });
    tab.focus();
    tab.dispatchEvent(event);
    const at = document.activeElement.dataset.tab;
    tab.click();
    return at + (event.defaultPrevented ? ", taken" : ", left alone");
  })()`);
  for (const [modifier, wanted] of ARROWS) {
    const came = await press(modifier);
    if (came !== wanted) throw new Error(`ArrowLeft${modifier} came to ${String(came)}.`);
  }
}

/** The report is far below the button there. */
export async function movesToReport(page: DemoPage): Promise<void> {
  await page.browser.resize(390, 800);
  await page.attack("no_token");
  await page.browser.until(`document.activeElement.id === "report-title"`);
  await page.browser.until(`{
    const { top, bottom } = document.querySelector("[data-part=verdict]").getBoundingClientRect();
    top >= 0 && bottom <= innerHeight;
  }`);
  await page.browser.resize(1_280, 900);
}
