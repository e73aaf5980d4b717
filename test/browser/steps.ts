/**
 * What is tried in the browser, in this order, on one page: by mouse first, then by keyboard alone, on a phone, and in a flood.
 *
 * @module
 */

import { ATTACKS } from "../../src/demo/attack_shelf.ts";
import { flood } from "./flood.ts";
import { walk } from "./keyboard.ts";
import { type DemoPage, partOf } from "./demo_page.ts";

/** Something that is tried: it throws when it does not come out. */
export type Step = (page: DemoPage) => Promise<void>;

const ROLES = ["guest", "member", "admin"];

/** All of it, by what it says of the page. */
export const STEPS: Readonly<Record<string, Step>> = {
  "three people connect": async (page) => {
    for (const role of ROLES) await page.press(role, "connect");
    for (const role of ROLES) await page.shows(role, "state", `with role ${role}`);
  },
  "each sees the handshake, its secret hidden, and the decision step by step": async (page) => {
    for (const role of ROLES) {
      await page.choose(role, "door");
      await page.shows(role, "door", "base64url.bearer.authorization.portcullis.[hidden, ");
      await page.shows(role, "door", "passed Its signature is good.");
      await page.shows(role, "door", "HTTP/1.1 101 Switching Protocols");
    }
  },
  "a member has the power of the button": async (page) => {
    await page.shows("member", "send", "Send");
    await page.press("member", "send");
    await page.shows("member", "log", '"type":"ok"');
  },
  "a guest is denied, and told at which step": async (page) => {
    await page.choose("guest", "log");
    await page.press("guest", "send");
    await page.shows("guest", "log", "identity ok → role guest not in [member, admin] → denied: forbidden");
  },
  "a frame opens to its bits, masked and unmasked": async (page) => {
    await page.choose("member", "frames");
    const frame = `[...${partOf("member", "frames")}.querySelectorAll("details.in")].at(-1)`;
    await page.browser.evaluate(`${frame}.open = true`);
    await page.shows("member", "frames", "a masking key follows");
    await page.shows("member", "frames", '"text":"Hello, everyone!"');
    await page.browser.until(`${frame}.querySelectorAll(".bits tbody tr").length === 8`);
  },
  "a member who is demoted in the registry of an admin loses his power at once": async (page) => {
    await page.choose("admin", "operator");
    await page.order("Demote: mia");
    await page.shows("member", "state", "with role guest");
    await page.shows("member", "send", "Send, and be denied");
    await page.press("member", "send");
    await page.shows("member", "log", "forbidden: Your roles do not allow this message.");
  },
  "and has it back when he is a member again": async (page) => {
    await page.order("Make member: mia");
    await page.shows("member", "state", "with role member");
    await page.press("member", "clear");
    await page.press("member", "send");
    await page.shows("member", "log", '"type":"ok"');
  },
  "the registry is live, by role, by subject and by room": async (page) => {
    for (
      const [by, group] of [["role", "member (1)"], ["subject", "mia (1)"], ["room", "lobby (3)"]] as const
    ) {
      const choice = partOf("admin", "by");
      await page.browser.evaluate(`${choice}.value = "${by}"; ${choice}.dispatchEvent(new Event("change"))`);
      await page.shows("admin", "list", group);
    }
  },
  "a guest who is revoked is told to stop, and stays out": async (page) => {
    await page.order("Revoke: gus");
    await page.shows("guest", "close", "3003");
    await page.shows("guest", "state", "Not connected");
  },
  "an admin rotates the key, and whoever comes then has a token of the new one": async (page) => {
    await page.press("admin", "rotate");
    await page.shows("admin", "said", "New tokens are signed with demo-1.");
    await page.press("guest", "connect");
    await page.shows("guest", "state", "with role guest");
  },
  "an admin drains, and everybody is back at a gate that has just begun": async (page) => {
    await page.press("admin", "drain");
    for (const role of ROLES) await page.shows(role, "log", "server.bye");
    for (const role of ROLES) await page.shows(role, "close", "1012");
    for (const role of ROLES) await page.shows(role, "state", `with role ${role}`);
  },
  ...Object.fromEntries(
    Object.entries(ATTACKS).map(([name, { title, rule, clause, source }]) => [
      `the attack "${title}" is refused, by rule, clause and place in the sources`,
      async (page: DemoPage) => {
        const told = await page.attack(name);
        for (const wanted of [title, `Refused: ${rule}.`, clause, `src/${source.file}, line `, "▶"]) {
          if (!told.includes(wanted)) throw new Error(`"${wanted}" is not in: ${told}`);
        }
      },
    ]),
  ),
  "hundreds of messages a second freeze nothing: the page leaves some out, and says so": flood,
  "every button, field and tab has a name for whoever hears the page": namesEverything,
  "nothing is wider than the screen of a phone": fitsNarrowScreens,
  "all of it can be done by keyboard alone": walk,
  "a server that restarts with another key finds its clients back": async (page) => {
    await page.restart();
    for (const role of ["member", "admin"]) await page.shows(role, "state", "Connect");
    for (const role of ["member", "admin"]) await page.shows(role, "state", `with role ${role}`);
  },
};

/** Roles of things that do something, and so must say what. */
const NAMED = new Set(["button", "textbox", "combobox", "tab", "link", "progressbar", "tablist", "tabpanel"]);

interface AxNode {
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
}

async function namesEverything({ browser }: DemoPage): Promise<void> {
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

async function fitsNarrowScreens({ browser }: DemoPage): Promise<void> {
  for (const width of [390, 320]) {
    await browser.resize(width, 800);
    const needed = Number(await browser.evaluate("document.documentElement.scrollWidth"));
    if (needed > width) throw new Error(`The page is ${needed} pixels wide, and the screen ${width}.`);
  }
  await browser.resize(1_280, 900);
}
