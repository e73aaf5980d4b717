/**
 * A browser connects to any server on behalf of any page, and adds the visitor's cookies. Only the Origin says whose page it is.
 *
 * @module
 */

import { mint } from "../support/minted.ts";
import { hostSmallGate } from "../support/gate_small.ts";
import { type Attack, onNaive, type Outcome, outcome, reasonOf } from "./attack.ts";
import { naiveChat } from "./naive/chat.ts";
import { type Page, servePage, visit, type Visitor } from "./visitor.ts";

/** Has a visitor with a cookie open the server's own page, and that of somebody else. */
async function withPages(attack: (own: Page, foreign: Page) => Promise<Outcome>): Promise<Outcome> {
  const pages = await Promise.all([servePage(), servePage()]);
  try {
    return await attack(...pages);
  } finally {
    for (const page of pages) await page.close();
  }
}

async function withVisitor(
  [name, value]: readonly [name: string, value: string],
  attack: (visitor: Visitor) => Promise<Outcome>,
): Promise<Outcome> {
  const visitor = await visit(name, value);
  try {
    return await attack(visitor);
  } finally {
    await visitor.close();
  }
}

/** What the page learns: the name in the first message of either server. */
const reads = (message: string, subject: string) =>
  message.includes('"hello"') && message.includes(`"${subject}"`);

export const crossSiteHijacking: Attack = {
  name: "cross_site_hijacking",
  summary:
    "An admin who is logged in visits a foreign page, which opens a WebSocket in his name and reads what is said.",
  clause: "RFC 6455 §10.2 (Origin), CWE-1385",
  defence: {
    file: "src/auth/door.ts",
    text:
      'if (!this.#originAllowed(request.origin)) return fault({ refusal: "origin", reason: "foreign_origin" });',
  },

  async againstNaive() {
    return await withPages(async (_own, foreign) =>
      await onNaive(
        naiveChat(),
        async ({ port }) =>
          await withVisitor(["session", "root-90ab"], async (visitor) => {
            const heard = await visitor.connectFrom(foreign, `ws://127.0.0.1:${port}/ws`);
            return outcome(
              reads(heard, "root"),
              `a page of ${foreign.origin} read the admin's messages (${visitor.kind}): ${heard}`,
              `the page heard: ${heard}`,
            );
          }),
      )
    );
  },

  async againstGate() {
    return await withPages(async (own, foreign) => {
      const gate = await hostSmallGate({ carriers: ["cookie"], allowedOrigins: [own.origin] });
      const token = mint(gate.clock, { sub: "root", roles: ["admin"] });
      const url = `ws://127.0.0.1:${gate.port}/ws`;
      try {
        return await withVisitor(["__Host-portcullis", token], async (visitor) => {
          const stolen = await visitor.connectFrom(foreign, url);
          const reason = reasonOf(gate);
          // The cookie does travel: the same visitor on the server's own page is let in.
          const welcome = await visitor.connectFrom(own, url);
          return outcome(
            stolen !== "refused" || !reads(welcome, "root"),
            `the foreign page heard ${stolen}, the own page ${welcome}`,
            `the same cookie from two pages (${visitor.kind}): the foreign one is refused (${reason}), the own one let in`,
          );
        });
      } finally {
        await gate.stop();
      }
    });
  },
};
