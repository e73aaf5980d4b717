/**
 * Limits on tokens and tickets.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { SmallGate } from "../support/gate_small.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { bearer, mint, type MintedClaims } from "../support/minted.ts";
import { ask } from "../support/plain_http.ts";
import type { HandshakeShape } from "../support/raw_http.ts";
import { answeredWith, enter, type LimitCases, refused, withGate, withToken } from "./case.ts";

/** Tokens, what is remembered of them, and tickets. */
export const TOKEN_LIMITS: LimitCases<
  | "maxTokenBytes"
  | "maxTokenLifetimeMs"
  | "maxRevocations"
  | "ticketLifetimeMs"
  | "maxTickets"
  | "maxTicketsPerSubject"
> = {
  maxTokenBytes: {
    what: "answers 401 to a token of one byte more",
    run: () => {
      const [fits, beyond] = oneByteApart();
      return withGate({ limits: { maxTokenBytes: fits.length } }, async (gate) => {
        await gate.enter(fits);
        const consequence = await refused(gate, { fields: bearer(beyond) });
        assert.equal(gate.decisions.at(-1)?.refused?.reason, "too_long");
        return consequence;
      });
    },
  },

  maxTokenLifetimeMs: {
    what: "answers 401 to a token that lives a millisecond longer",
    run: () =>
      withGate({ limits: { maxTokenLifetimeMs: 60_000 } }, async (gate) => {
        await enter(gate, { lifetimeMs: 60_000 });
        return refused(gate, withToken(gate, { lifetimeMs: 60_001 }));
      }),
  },

  maxRevocations: {
    what: "refuses all tokens issued before when one more is revoked, and takes those issued later",
    run: async () => {
      await oneMoreChangeOfRoles();
      return withGate({ limits: { maxRevocations: 2 } }, async (gate) => {
        const before = withToken(gate);
        for (const sub of ["eve", "mallory"]) {
          gate.gate.revoke({ subject: sub });
          await refused(gate, withToken(gate, { sub }));
        }
        await gate.enter(before);
        gate.gate.revoke({ subject: "trudy" });
        const consequence = await refused(gate, before);
        gate.clock.jump(2_000);
        assert.equal(await refused(gate, before), consequence);
        await enter(gate);
        return consequence;
      });
    },
  },

  ticketLifetimeMs: {
    what: "answers 401 to a ticket that is as old",
    run: () =>
      withGate({ ...TICKETS, limits: { ticketLifetimeMs: 1_000 } }, async (gate) => {
        const [inTime, tooLate] = [await ticket(gate), await ticket(gate)];
        gate.clock.jump(999);
        await gate.enter(inTime);
        gate.clock.jump(1);
        const consequence = await refused(gate, tooLate);
        await gate.enter(await ticket(gate));
        return consequence;
      }),
  },

  maxTickets: {
    what: "answers 503 to whoever asks for one more, until one is over",
    run: () =>
      withGate({ ...TICKETS, limits: { maxTickets: 2, ticketLifetimeMs: 1_000 } }, async (gate) => {
        for (const sub of ["ada", "mia"]) await ticket(gate, { sub });
        const consequence = await noTicket(gate, { sub: "eve" });
        gate.clock.jump(1_000);
        await ticket(gate, { sub: "eve" });
        return consequence;
      }),
  },

  maxTicketsPerSubject: {
    what: "answers 429 to a subject that asks for one more, until one is over, a used one too",
    run: () => {
      const limits = { maxTicketsPerSubject: 2, ticketLifetimeMs: 1_000 };
      return withGate({ ...TICKETS, limits }, async (gate) => {
        await gate.enter(await ticket(gate));
        gate.clock.jump(400);
        await ticket(gate);
        const consequence = await noTicket(gate);
        assert.equal(gate.audit.at(-1)?.event, "excess_rate_limit_exceeded");
        await ticket(gate, { sub: "mia" });
        gate.clock.jump(600);
        await ticket(gate);
        assert.equal(await noTicket(gate), consequence);
        return consequence;
      });
    },
  },
};

const TICKETS = { carriers: ["authorization", "ticket"], ticketPath: "/ticket" } as const;

function askForTicket(gate: SmallGate, claims: MintedClaims) {
  return ask(gate.port, { method: "POST", target: "/ticket", fields: bearer(mint(gate.clock, claims)) });
}

/** Gets a ticket. @returns The handshake with it. */
async function ticket(gate: SmallGate, claims: MintedClaims = {}): Promise<HandshakeShape> {
  const { status, body } = await askForTicket(gate, claims);
  assert.equal(status, 200);
  const { ticket } = JSON.parse(body) as { readonly ticket: string };
  return { line: `GET /ws?ticket=${ticket} HTTP/1.1` };
}

async function noTicket(gate: SmallGate, claims: MintedClaims = {}) {
  const { status, fields, body } = await askForTicket(gate, claims);
  assert.ok(!body.includes("ticket"));
  return answeredWith(status, fields);
}

/** Two tokens of which the second is a byte longer, which base64url is for two of three more bytes in it. */
function oneByteApart(): [string, string] {
  const [a, b, c] = ["a", "aa", "aaa"].map((sub) => mint(new ManualClock(), { sub })) as [
    string,
    string,
    string,
  ];
  const pair: [string, string] = b.length === a.length + 1 ? [a, b] : [b, c];
  assert.equal(pair[1].length, pair[0].length + 1);
  return pair;
}

/** Where other roles cannot be remembered, the tokens of that one subject are refused, which name the old ones. */
function oneMoreChangeOfRoles(): Promise<void> {
  return withGate({ limits: { maxRevocations: 1 } }, async (gate) => {
    const [first, second] = [withToken(gate, { sub: "eve" }), withToken(gate, { sub: "mallory" })];
    gate.gate.setRoles("eve", ["guest"]);
    gate.gate.setRoles("mallory", ["guest"]);
    assert.deepEqual((await gate.enter(first)).hello["roles"], ["guest"]);
    await refused(gate, second);
    await enter(gate);
    gate.clock.jump(1);
    assert.deepEqual((await gate.enter(withToken(gate, { sub: "mallory" }))).hello["roles"], ["member"]);
  });
}
