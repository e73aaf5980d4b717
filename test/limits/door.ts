/**
 * Limits on what happens before there is a session.
 *
 * @module
 */

import assert from "node:assert/strict";
import { untilClose } from "../support/conversation.ts";
import type { SmallGate } from "../support/gate_small.ts";
import { bearer, mint } from "../support/minted.ts";
import { ask } from "../support/plain_http.ts";
import { handshake } from "../support/raw_http.ts";
import { signal } from "../support/server.ts";
import { knock, knocks, type LimitCases, withGate } from "./case.ts";

/** Handshakes, tokens, tickets, and those who have shown none. */
export const DOOR_LIMITS: LimitCases<
  | "handshakeTimeoutMs"
  | "maxPendingHandshakes"
  | "maxHeaderFields"
  | "maxHeaderBytes"
  | "maxTokenBytes"
  | "maxTokenLifetimeMs"
  | "maxRevocations"
  | "ticketLifetimeMs"
  | "maxTickets"
  | "maxTicketsPerSubject"
  | "maxUnauthenticated"
  | "maxUnauthenticatedPerAddress"
  | "authTimeoutMs"
> = {
  handshakeTimeoutMs: {
    what: "answers 503 when an approval takes longer",
    run: () => {
      const [asked, answer] = [signal(), signal<boolean>()];
      const options = {
        limits: { handshakeTimeoutMs: 500 },
        approve: () => (asked.resolve(), answer.promise),
      };
      return withGate(options, async (gate) => {
        const knocking = knock(gate);
        await asked.promise;
        gate.clock.advance(500);
        assert.equal((await knocking).status, 503);
        answer.resolve(true);
        assert.equal((await knock(gate)).status, 101);
      });
    },
  },

  maxPendingHandshakes: {
    what: "answers 503 to one more that would wait for its approval",
    run: () => {
      const [asked, answer] = [signal(), signal<boolean>()];
      const options = {
        limits: { maxPendingHandshakes: 1 },
        approve: () => (asked.resolve(), answer.promise),
      };
      return withGate(options, async (gate) => {
        const first = knock(gate);
        await asked.promise;
        assert.equal((await knock(gate)).status, 503);
        answer.resolve(true);
        assert.equal((await first).status, 101);
        assert.equal((await knock(gate)).status, 101);
      });
    },
  },

  maxHeaderFields: {
    what: "answers 431 to one field more",
    run: () =>
      withGate({ limits: { maxHeaderFields: 20 } }, async (gate) => {
        assert.deepEqual(await aroundLimit(gate, 20, (fields) => fields.length), [101, 431]);
      }),
  },

  maxHeaderBytes: {
    what: "answers 431 to fields of one byte more",
    run: () =>
      withGate({ limits: { maxHeaderBytes: 2_000 } }, async (gate) => {
        const token = bearer(mint(gate.clock));
        const used = linesOf({ ...token, "X-More": "x" }).join("").length - 1;
        const statuses = [];
        for (const bytes of [2_000, 2_001]) {
          const { answer } = await gate.knock({ fields: { ...token, "X-More": "x".repeat(bytes - used) } });
          statuses.push(answer.status);
        }
        assert.deepEqual(statuses, [101, 431]);
      }),
  },

  maxTokenBytes: {
    what: "answers 401 to a token of one byte more",
    run: async () => {
      const lengthOf = (gate: SmallGate) => mint(gate.clock).length;
      await withGate({}, async (any) => {
        const bytes = lengthOf(any);
        await withGate(
          { limits: { maxTokenBytes: bytes } },
          (gate) => knocks(gate, [[101]]).then(() => undefined),
        );
        await withGate(
          { limits: { maxTokenBytes: bytes - 1 } },
          (gate) => knocks(gate, [[401]]).then(() => undefined),
        );
      });
    },
  },

  maxTokenLifetimeMs: {
    what: "answers 401 to a token that lives longer",
    run: () =>
      withGate({ limits: { maxTokenLifetimeMs: 60_000 } }, async (gate) => {
        await knocks(gate, [[101, { lifetimeMs: 60_000 }], [401, { lifetimeMs: 61_000 }]]);
      }),
  },

  maxRevocations: {
    what: "refuses all tokens issued before when one more is revoked",
    run: () =>
      withGate({ limits: { maxRevocations: 1 } }, async (gate) => {
        const token = bearer(mint(gate.clock));
        gate.gate.revoke({ subject: "eve" });
        assert.equal((await gate.knock({ fields: token })).answer.status, 101);
        gate.gate.revoke({ subject: "mallory" });
        assert.equal((await gate.knock({ fields: token })).answer.status, 401);
        gate.clock.advance(2_000);
        assert.equal((await knock(gate)).status, 101);
      }),
  },

  ticketLifetimeMs: {
    what: "answers 401 to a ticket that is as old",
    run: () =>
      withGate({ ...TICKETS, limits: { ticketLifetimeMs: 1_000 } }, async (gate) => {
        const [good, late] = [await ticket(gate), await ticket(gate)];
        gate.clock.advance(999);
        assert.equal((await enterBy(gate, good.ticket)).status, 101);
        gate.clock.advance(1);
        assert.equal((await enterBy(gate, late.ticket)).status, 401);
      }),
  },

  maxTickets: {
    what: "answers 503 to whoever asks for one more",
    run: () =>
      withGate({ ...TICKETS, limits: { maxTickets: 1 } }, async (gate) => {
        assert.deepEqual([(await ticket(gate)).status, (await ticket(gate, "eve")).status], [200, 503]);
      }),
  },

  maxTicketsPerSubject: {
    what: "answers 429 to a subject that asks for one more, and to no other",
    run: () =>
      withGate({ ...TICKETS, limits: { maxTicketsPerSubject: 1 } }, async (gate) => {
        const statuses = [await ticket(gate), await ticket(gate), await ticket(gate, "eve")];
        assert.deepEqual(statuses.map(({ status }) => status), [200, 429, 200]);
      }),
  },

  maxUnauthenticated: {
    what: "answers 503 to one more who has shown nothing yet, and lets in whoever has",
    run: () =>
      withGate({ ...STRANGERS, limits: { maxUnauthenticated: 1 } }, async (gate) => {
        assert.deepEqual([await stranger(gate), await stranger(gate)], [101, 503]);
        await knocks(gate, [[101]]);
      }),
  },

  maxUnauthenticatedPerAddress: {
    what: "answers 429 to one more of the same address",
    run: () =>
      withGate({ ...STRANGERS, limits: { maxUnauthenticatedPerAddress: 1 } }, async (gate) => {
        assert.deepEqual([await stranger(gate), await stranger(gate)], [101, 429]);
      }),
  },

  authTimeoutMs: {
    what: "closes with 3008 whoever has shown nothing by then",
    run: () =>
      withGate({ ...STRANGERS, limits: { authTimeoutMs: 1_000 } }, async (gate) => {
        const { client } = await gate.knock();
        gate.clock.advance(999);
        assert.equal(gate.sockets[0]?.writableEnded, false);
        gate.clock.advance(1);
        assert.equal((await untilClose(client)).close, "close 3008 No token in time");
      }),
  },
};

const TICKETS = { carriers: ["authorization", "ticket"], ticketPath: "/ticket" } as const;
const STRANGERS = { carriers: ["authorization", "message"] } as const;

async function ticket(gate: SmallGate, sub = "ada") {
  const fields = bearer(mint(gate.clock, { sub }));
  const { status, body } = await ask(gate.port, { method: "POST", target: "/ticket", fields });
  const { ticket = "" } = JSON.parse(body) as { readonly ticket?: string };
  return { status, ticket };
}

async function enterBy(gate: SmallGate, ticket: string) {
  return (await gate.knock({ line: `GET /ws?ticket=${ticket} HTTP/1.1` })).answer;
}

async function stranger(gate: SmallGate): Promise<number> {
  return (await gate.knock()).answer.status;
}

/** Names and values, as they are on the wire. */
function linesOf(fields: Readonly<Record<string, string>>): string[] {
  const lines = handshake({ fields }).trimEnd().split("\r\n").slice(1);
  return lines.map((line) => line.replace(": ", ""));
}

/** The statuses with as many fields as the limit, and one more. */
async function aroundLimit(
  gate: SmallGate,
  limit: number,
  count: (fields: string[]) => number,
): Promise<number[]> {
  const token = bearer(mint(gate.clock));
  const missing = limit - count(linesOf(token));
  const statuses = [];
  for (const more of [missing, missing + 1]) {
    const added = Object.fromEntries(Array.from({ length: more }, (_, i) => [`X-More-${i}`, "x"]));
    statuses.push((await gate.knock({ fields: { ...token, ...added } })).answer.status);
  }
  return statuses;
}
