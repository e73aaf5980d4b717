import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { TICKET_BYTES, TicketBook, type TicketLimits } from "../../src/auth/ticket.ts";
import { identityOf } from "../support/sessions.ts";
import { NOW_MS, withSurplusBit } from "../support/tokens.ts";

const PAGE = "https://chat.example";
const ADA = identityOf("ada", { roles: ["member"] });

const book = (limits: Partial<TicketLimits> = {}) =>
  new TicketBook({ ticketLifetimeMs: 15_000, maxTickets: 1_000, maxTicketsPerSubject: 20, ...limits });

/** Different bytes for each number, the same each time. */
const bytesOf = (number: number) => createHash("sha256").update(String(number)).digest();

function issue(made: TicketBook, number = 1, subject = "ada", nowMs = NOW_MS): string {
  const issued = made.issue(subject === "ada" ? ADA : identityOf(subject), PAGE, bytesOf(number), nowMs);
  assert.ok(issued.ok, issued.ok ? "" : issued.fault);
  return issued.value;
}

function redeem(made: TicketBook, text: string, nowMs = NOW_MS, origin: string | undefined = PAGE): string {
  const redeemed = made.redeem(text, origin, nowMs);
  return redeemed.ok ? redeemed.value.subject : redeemed.fault;
}

function refusal(made: TicketBook, number: number, subject: string, nowMs = NOW_MS): string {
  const issued = made.issue(identityOf(subject), undefined, bytesOf(number), nowMs);
  return issued.ok ? "issued" : issued.fault;
}

test("TicketBook.issue() writes the random bytes as 43 characters of base64url", () => {
  const made = book();
  const text = issue(made);
  assert.match(text, /^[A-Za-z0-9_-]{43}$/);
  assert.deepEqual(Buffer.from(text, "base64url"), bytesOf(1));
  assert.equal(TICKET_BYTES, 32);
});

test("TicketBook.redeem() answers with the very identity, once", () => {
  const made = book();
  const text = issue(made);
  assert.deepEqual(made.redeem(text, PAGE, NOW_MS), { ok: true, value: ADA });
  assert.equal(redeem(made, text), "ticket_reused");
  assert.equal(redeem(made, text), "ticket_reused");
});

test("TicketBook.redeem() knows a second use for one until the ticket's time is over", () => {
  const made = book();
  const text = issue(made);
  assert.equal(redeem(made, text, NOW_MS + 14_999), "ada");
  assert.equal(redeem(made, text, NOW_MS + 14_999), "ticket_reused");
  assert.equal(redeem(made, text, NOW_MS + 15_000), "ticket_unknown");
});

test("TicketBook.redeem() takes a ticket until its time is over, and not at that very moment", () => {
  const made = book({ ticketLifetimeMs: 100 });
  const [early, late] = [issue(made, 1), issue(made, 2)];
  assert.equal(redeem(made, early, NOW_MS + 99), "ada");
  assert.equal(redeem(made, late, NOW_MS + 100), "ticket_unknown");
});

test("TicketBook.redeem() refuses a ticket from another Origin, and uses it up: nobody tries one after another", () => {
  const made = book();
  const others = ["https://chat.example.evil", "http://chat.example", "https://chat.example:443", "null", ""];
  for (const [index, origin] of [...others, undefined].entries()) {
    const text = issue(made, index + 1);
    assert.deepEqual(made.redeem(text, origin, NOW_MS), { ok: false, fault: "ticket_origin" });
    assert.equal(redeem(made, text), "ticket_reused");
  }
});

test("TicketBook.redeem() takes a ticket that was asked for without an Origin from nobody who has one", () => {
  const made = book();
  const issued = made.issue(ADA, undefined, bytesOf(1), NOW_MS);
  assert.ok(issued.ok);
  assert.deepEqual(made.look(issued.value, "https://chat.example", NOW_MS), {
    ok: false,
    fault: "ticket_origin",
  });
  assert.equal(made.redeem(issued.value, undefined, NOW_MS).ok, true);
});

test("TicketBook.redeem() takes nothing but the one way to write a ticket", () => {
  const made = book();
  const text = issue(made);
  const wrong = [
    "",
    text.slice(1),
    text.slice(0, -1),
    `${text}A`,
    `${text}=`,
    `${text} `,
    ` ${text}`,
    `${text.slice(0, -1)}=`,
    `${text.slice(0, -1)}\n`,
    withSurplusBit(text),
    `${text.slice(0, 20)}.${text.slice(21)}`,
    `${text.slice(0, 20)}+${text.slice(21)}`,
    `%${text.slice(1)}`,
    String.fromCharCode(text.charCodeAt(0) + 256) + text.slice(1),
    text.repeat(2),
    "A".repeat(100_000),
  ];
  for (const other of wrong) assert.equal(redeem(made, other), "ticket_malformed", other.slice(0, 60));
  assert.equal(redeem(made, "A".repeat(43)), "ticket_unknown");
  assert.equal(redeem(made, text), "ada");
});

test("TicketBook.redeem() tells the tickets of two subjects apart", () => {
  const made = book();
  const [ada, eve] = [issue(made, 1, "ada"), issue(made, 2, "eve")];
  assert.deepEqual([redeem(made, eve), redeem(made, ada)], ["eve", "ada"]);
});

test("TicketBook.look() says what redeem() would say, and leaves the ticket as it is", () => {
  const made = book();
  const text = issue(made);
  const look = (origin: string | undefined = PAGE, nowMs = NOW_MS) => made.look(text, origin, nowMs);
  for (let looks = 0; looks < 3; looks++) assert.deepEqual(look(), { ok: true, value: ADA });
  assert.deepEqual(look("null"), { ok: false, fault: "ticket_origin" });
  assert.deepEqual(look(PAGE, NOW_MS + 15_000), { ok: false, fault: "ticket_unknown" });
  assert.equal(redeem(made, text), "ada");
  assert.deepEqual(look(), { ok: false, fault: "ticket_reused" });
  assert.deepEqual(made.look("x", PAGE, NOW_MS), { ok: false, fault: "ticket_malformed" });
});

test("TicketBook.issue() gives one subject so many at a time, used ones included, and more when they are over", () => {
  const made = book({ maxTicketsPerSubject: 3, ticketLifetimeMs: 100 });
  const first = issue(made, 1);
  issue(made, 2, "ada", NOW_MS + 10);
  redeem(made, first);
  issue(made, 3, "ada", NOW_MS + 20);
  assert.equal(refusal(made, 4, "ada", NOW_MS + 99), "too_many_tickets_of_subject");
  assert.equal(refusal(made, 4, "eve", NOW_MS + 99), "issued");
  assert.equal(refusal(made, 5, "ada", NOW_MS + 100), "issued");
  assert.equal(refusal(made, 6, "ada", NOW_MS + 100), "too_many_tickets_of_subject");
  assert.equal(refusal(made, 6, "ada", NOW_MS + 110), "issued");
});

test("TicketBook.issue() gives so many in all, and more when some are over", () => {
  const made = book({ maxTickets: 3, ticketLifetimeMs: 100 });
  for (const number of [1, 2, 3]) issue(made, number, `user ${number}`, NOW_MS + number);
  assert.equal(refusal(made, 4, "eve", NOW_MS + 100), "too_many_tickets");
  assert.equal(refusal(made, 4, "eve", NOW_MS + 101), "issued");
  assert.equal(refusal(made, 5, "bob", NOW_MS + 101), "too_many_tickets");
  // A refusal counts against nobody.
  const one = book({ maxTickets: 1, maxTicketsPerSubject: 1, ticketLifetimeMs: 100 });
  issue(one, 1, "ada", NOW_MS);
  assert.equal(refusal(one, 2, "eve", NOW_MS + 50), "too_many_tickets");
  assert.equal(refusal(one, 3, "eve", NOW_MS + 100), "issued");
});

test("TicketBook tells subjects apart that are called like a part of every object", () => {
  const made = book({ maxTicketsPerSubject: 1 });
  for (const [number, subject] of ["__proto__", "constructor", "toString"].entries()) {
    assert.equal(refusal(made, number, subject), "issued");
    assert.equal(refusal(made, number + 10, subject), "too_many_tickets_of_subject");
  }
});
