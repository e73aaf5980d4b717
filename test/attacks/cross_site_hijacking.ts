/**
 * A browser connects to any server on behalf of any page, and adds the visitor's cookies, as far as their `SameSite` lets them go. Only the
 * Origin says whose page it is.
 *
 * @module
 */

import { mint } from "../support/minted.ts";
import { hostSmallGate } from "../support/gate_small.ts";
import { type Attack, onNaive, type Outcome, outcome, reasonOf } from "./attack.ts";
import { ADMIN_TOKEN, FORBIDDEN_TEXT, naiveArticle } from "./naive/article.ts";
import { type Page, servePage, visit, type Visitor } from "./visitor.ts";

/** Has a visitor with a cookie open the server's own page, and that of somebody else. */
async function withPages(attack: (own: Page, foreign: Page) => Promise<Outcome>): Promise<Outcome> {
  const pages = await Promise.all([servePage("127.0.0.1"), servePage("localhost")]);
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

/** Whether a page got to read the gate's first message. */
const reads = (message: string, subject: string) =>
  message.includes('"hello"') && message.includes(`"${subject}"`);

export const crossSiteHijacking: Attack = {
  name: "cross_site_hijacking",
  summary:
    "An admin who is logged in visits a page of another site, which opens a WebSocket in his name, gives orders, and reads the answers.",
  clause: "RFC 6455 §10.2 (Origin), CWE-1385",
  sends: [
    'the foreign page: new WebSocket("ws://the.server/ws"), and as soon as it is open an order',
    "the browser, unasked: Origin: (the foreign page's), and Cookie: (the admin's), which is SameSite=None",
    "(with SameSite=Lax, said or by default, the page of a neighbour does it: a subdomain, another port)",
  ],
  naive: "article",
  defence: {
    file: "src/auth/door.ts",
    text:
      'if (!this.#originAllowed(request.origin)) return fault({ refusal: "origin", reason: "foreign_origin" });',
  },
  chapter: 6,

  async againstNaive() {
    const done: string[] = [];
    const article = naiveArticle((text) => `done: ${done[done.push(text) - 1]}`, () => undefined);
    return await withPages(async (_own, foreign) =>
      await onNaive(
        article,
        async ({ port }) =>
          await withVisitor(["session", ADMIN_TOKEN], async (visitor) => {
            const heard = await visitor.connectFrom(foreign, `ws://127.0.0.1:${port}/ws`, FORBIDDEN_TEXT);
            return outcome(
              done.includes(FORBIDDEN_TEXT) && heard.startsWith("done"),
              `a page of ${foreign.origin} said "${FORBIDDEN_TEXT}" to 127.0.0.1 in the admin's name (${visitor.kind}), and read: ${heard}`,
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
          // The cookie is good: the same visitor on the server's own page is let in.
          const welcome = await visitor.connectFrom(own, url);
          if (!reads(welcome, "root")) throw new Error(`The own page was told: ${welcome}`);
          return outcome(
            reads(stolen, "root"),
            `a page of ${foreign.origin} came in as root (${visitor.kind}), and read ${stolen}`,
            `the same cookie from two pages (${visitor.kind}): the foreign one is ${stolen} (${reason}), the own one let in`,
          );
        });
      } finally {
        await gate.stop();
      }
    });
  },
};
