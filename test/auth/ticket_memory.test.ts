import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { TICKET_BYTES, TicketBook } from "../../src/auth/ticket.ts";
import { countHeld } from "../support/garbage.ts";
import { identityOf } from "../support/sessions.ts";
import { NOW_MS } from "../support/tokens.ts";

const LIMITS = { ticketLifetimeMs: 15_000, maxTickets: 10_000, maxTicketsPerSubject: 20 };

/** Gives out a ticket each second, and tells what it stands for without holding it. */
function giveOut(book: TicketBook, count: number, fromMs: number, subject: (at: number) => string) {
  return Array.from({ length: count }, (_, at) => {
    const identity = identityOf(subject(at));
    const issued = book.issue(identity, undefined, randomBytes(TICKET_BYTES), fromMs + at * 1_000);
    assert.ok(issued.ok);
    return new WeakRef(identity);
  });
}

for (const [name, subject] of [["one subject", () => "ada"], ["many subjects", String]] as const) {
  test(`TicketBook lets go of the tickets of ${name} whose time is over`, async () => {
    const book = new TicketBook(LIMITS);
    const identities = giveOut(book, 2_000, NOW_MS, subject);
    const held = await countHeld(identities);
    // 15 of them live at a time; twice that, or 64, are held at most.
    assert.ok(held >= 1 && held <= 64, String(held));
    assert.equal(book.look("", undefined, NOW_MS).ok, false);
  });
}

test("TicketBook lets go of what came behind when the clock was set back by a day", async () => {
  const book = new TicketBook(LIMITS);
  giveOut(book, 1, NOW_MS + 86_400_000, () => "from tomorrow");
  const identities = giveOut(book, 2_000, NOW_MS, String);
  const held = await countHeld(identities);
  assert.ok(held >= 1 && held <= 64, String(held));
  assert.equal(book.look("", undefined, NOW_MS).ok, false);
});
