/**
 * What is tried in the browser, in this order, on one page: by mouse first, then by keyboard alone, on a phone, and in a flood.
 *
 * @module
 */

import { ATTACKS } from "../../src/demo/attack_shelf.ts";
import {
  fitsNarrowScreens,
  leavesArrows,
  leavesOutNoLevel,
  movesToReport,
  namesEverything,
} from "./access.ts";
import { crowd, flood } from "./flood.ts";
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
  "a knock without a token is shown as what it is, and the handshake of the session stays": async (page) => {
    const accept = await acceptOf(page, "guest");
    await page.press("guest", "knock");
    await page.shows("guest", "log", "before the upgrade (1006)");
    await page.shows("guest", "door", "The last knock: it led to no session");
    await page.shows("guest", "door", "HTTP/1.1 401 Unauthorized");
    if (await acceptOf(page, "guest") !== accept) throw new Error("The session's handshake has gone.");
    await page.shows("guest", "state", "with role guest");
  },
  "arrows go from tab to tab, and those that are the browser's go to the browser": leavesArrows,
  "a member has the power of the button": async (page) => {
    await page.shows("member", "send", "Send");
    await page.press("member", "send");
    await page.shows("member", "log", '"type":"ok"');
  },
  "a guest is denied, and told at which step": async (page) => {
    await page.choose("guest", "log");
    await page.press("guest", "send");
    await page.shows("guest", "log", "identity ok → role guest not in [member, admin] → denied: forbidden");
    const entry = `[...${partOf("guest", "log")}.querySelectorAll(".denied")]`;
    await page.browser.until(
      `${entry}.length === 1 && ${entry}[0].textContent.includes("this session is guest") && ${entry}[0].textContent.includes("→ denied")`,
    );
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
    await page.browser.until(`${partOf("admin", "clear")}.hidden`);
    await page.order("Demote: mia");
    await page.shows("member", "state", "with role guest");
    await page.shows("admin", "said", "mia: 1 session has the role guest now.");
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
    await page.shows("admin", "said", "gus: 1 session is closed, and the token is refused from now on.");
    await page.shows("guest", "close", "3003");
    await page.shows("guest", "state", "Not connected");
  },
  "an admin rotates the key, and whoever comes then has a token of the new one": async (page) => {
    await page.press("admin", "rotate");
    await page.shows("admin", "said", "New tokens are signed with demo-1.");
    await page.press("guest", "connect");
    await page.shows("guest", "state", "with role guest");
  },
  "a second rotation signs out whoever has an older token, who is told why and comes back": async (page) => {
    await page.press("admin", "clear");
    await page.press("admin", "rotate");
    await page.shows("admin", "close", "3000");
    await page.shows("admin", "log", "3000");
    await page.shows("admin", "log", "There was no answer to key.rotate: the session has ended.");
    await page.shows("admin", "state", "with role admin");
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
  "no heading is a level below the one that it belongs to": leavesOutNoLevel,
  "nothing is wider than the screen of a phone": fitsNarrowScreens,
  "on a phone, whoever presses an attack is taken to its report": movesToReport,
  "a page that may not watch says so, works without, and asks again until it may": async (page) => {
    // Elsewhere meanwhile: the page would find free what it has just left.
    await page.browser.send("Page.navigate", { url: "about:blank" });
    const stop = await crowd(page.url);
    await page.browser.send("Page.navigate", { url: page.url });
    await page.browser.until(`document.querySelectorAll(".panel").length === 3`);
    await page.browser.until(
      `document.querySelector("#watching").textContent.includes("does not tell this page")`,
    );
    await page.press("guest", "connect");
    await page.shows("guest", "state", "with role guest");
    await page.shows("guest", "door", "Nobody has knocked yet.");
    stop();
    await page.browser.until(`document.querySelector("#watching").hidden`);
    await page.press("guest", "knock");
    await page.shows("guest", "door", "The last knock");
  },
  "all of it can be done by keyboard alone": walk,
  "a server that restarts with another key finds its clients back": async (page) => {
    const roles = ["member", "admin"];
    const before = await Promise.all(roles.map((role) => acceptOf(page, role)));
    // How long each waits is drawn by chance: it may pass before anybody has looked.
    await page.browser.evaluate(`{
      window.states = {};
      for (const role of ${JSON.stringify(roles)}) {
        const state = document.querySelector("#panel-" + role).closest(".panel").querySelector('[data-part="state"]');
        window.states[role] = "";
        new MutationObserver(() => window.states[role] += state.textContent).observe(state, { childList: true });
      }
    }`);
    await page.restart();
    for (const [index, role] of roles.entries()) {
      await page.browser.until(`window.states.${role}.includes("Connects again")`);
      await page.shows(role, "close", "1006");
      await page.shows(role, "state", `with role ${role}`);
      await page.browser.until(
        `${acceptIn(role)} !== undefined && ${acceptIn(role)} !== ${JSON.stringify(before[index])}`,
      );
    }
    await page.browser.until(`document.querySelector("#watching").hidden`);
  },
};

/** An expression for what the server answered to the key of a panel's session, which no other has. */
function acceptIn(role: string): string {
  return `/The handshake of the session.*?Sec-WebSocket-Accept: (\\S+)/is.exec(${
    partOf(role, "door")
  }.textContent)?.[1]`;
}

async function acceptOf({ browser }: DemoPage, role: string): Promise<string> {
  await browser.until(`${acceptIn(role)} !== undefined`);
  return String(await browser.evaluate(acceptIn(role)));
}
