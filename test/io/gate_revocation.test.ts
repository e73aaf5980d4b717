import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import type { Revocation } from "../../src/auth/standing.ts";
import type { MintedClaims } from "../support/minted.ts";
import { bearer, mint } from "../support/minted.ts";
import { untilClose, untilReply } from "../support/conversation.ts";
import { hostSmallGate } from "../support/gate_small.ts";
import { encodeRefusal } from "../../src/io/refusal.ts";
import { close } from "../support/raw_http_frames.ts";
import { envelope } from "../support/server_gate.ts";
import { signal } from "../support/server.ts";

const NOW_MS = 1_800_000_000_000;

interface Case {
  readonly target: Revocation;
  /** Whose session ends. */
  readonly victim: MintedClaims;
  /** Whose session stays, and whose token too. */
  readonly others: readonly MintedClaims[];
  /** With what the subject of the victim comes back. */
  readonly anew: MintedClaims;
  readonly reason: string;
}

const CASES: Readonly<Record<string, Case>> = {
  "a subject": {
    target: { subject: "ada" },
    victim: { sub: "ada" },
    others: [{ sub: "mia" }, { sub: "Ada" }, { sub: "ada " }, { sub: "__proto__" }],
    anew: { sub: "ada" },
    reason: "subject",
  },
  "a subject whose tokens do not say when they were made": {
    target: { subject: "ada" },
    victim: { sub: "ada", issuedInMs: undefined },
    others: [{ sub: "mia", issuedInMs: undefined }],
    anew: { sub: "ada" },
    reason: "subject",
  },
  "a subject that is called __proto__": {
    target: { subject: "__proto__" },
    victim: { sub: "__proto__" },
    others: [{ sub: "ada" }, { sub: "constructor" }],
    anew: { sub: "__proto__" },
    reason: "subject",
  },
  "a token by its id": {
    target: { tokenId: "t1" },
    victim: { sub: "ada", jti: "t1" },
    others: [{ sub: "ada", jti: "t2" }, { sub: "ada" }, { sub: "mia", jti: "T1" }],
    anew: { sub: "ada", jti: "t3" },
    reason: "token_id",
  },
  "all tokens issued before a moment": {
    target: { issuedBefore: new Date(NOW_MS) },
    victim: { sub: "ada", issuedInMs: -1 },
    others: [{ sub: "ada" }, { sub: "mia", issuedInMs: 0 }],
    anew: { sub: "ada" },
    reason: "issued_before",
  },
};

for (const [name, { target: revocation, victim, others, anew, reason }] of Object.entries(CASES)) {
  test(`Gate.revoke() of ${name} ends its sessions, and its token is refused from then on`, async () => {
    const target = await hostSmallGate();
    const token = mint(target.clock, victim);
    const tabs = [await target.enter(token), await target.enter(token)];
    const stay = [];
    for (const claims of others) {
      const theirs = mint(target.clock, claims);
      stay.push({ token: theirs, ...await target.enter(theirs) });
    }
    assert.equal(target.gate.revoke(revocation), 2);
    assert.equal(target.gate.size, others.length);
    assert.equal(target.gate.groups.send("everyone", "news", 1), others.length);
    for (const { client } of tabs) {
      assert.deepEqual(await untilClose(client), {
        told: [],
        close: "close 3003 Your token has been revoked.",
      });
      client.write(Buffer.concat([envelope("act", "1"), close(3003)]));
      assert.equal((await client.finished).rest.length, 0);
    }
    const before = target.audit.length;
    for (const when of ["at once", "at the end of its life"]) {
      if (when !== "at once") target.clock.jump(59_999);
      const { client, answer } = await target.knock({ fields: bearer(token) });
      assert.equal(answer.status, 401, when);
      assert.equal(answer.fields["www-authenticate"], 'Bearer realm="portcullis", error="invalid_token"');
      await client.finished;
    }
    assert.deepEqual(target.audit.slice(before).map(({ event, reason }) => `${event} ${reason}`), [
      "authn_token_reuse revoked",
      "authn_token_reuse revoked",
    ]);
    const told = target.audit.filter(({ event }) => event === "authn_token_revoked");
    assert.deepEqual(told.map((event) => event.reason), [reason]);
    for (const { client, token: theirs } of stay) {
      client.write(envelope("act", "1", 1));
      assert.equal((await untilReply(client, "1")).at(-1)?.["type"], "ok");
      await target.enter(theirs);
    }
    await target.enter(mint(target.clock, anew));
    await target.stop();
  });
}

describe("Gate.revoke()", () => {
  test("answers the refused token like any other that is no good", async () => {
    const target = await hostSmallGate();
    const token = mint(target.clock);
    target.gate.revoke({ subject: "ada" });
    const { client, answer } = await target.knock({ fields: bearer(token) });
    const { rest } = await client.finished;
    const whole = encodeRefusal("invalid_token", "portcullis");
    assert.equal(rest.toString(), whole.slice(whole.indexOf("\r\n\r\n") + 4));
    assert.equal(answer.line, "HTTP/1.1 401 Unauthorized");
    await target.stop();
  });

  test("refuses a token whose time of making was rounded up to the next second", async () => {
    const target = await hostSmallGate();
    target.clock.jump(400);
    const token = mint(target.clock, { issuedInMs: 600 });
    const { client } = await target.enter(token);
    target.gate.revoke({ subject: "ada" });
    await untilClose(client);
    assert.equal((await target.knock({ fields: bearer(token) })).answer.status, 401);
    target.clock.jump(601);
    await target.enter(mint(target.clock));
    await target.stop();
  });

  test("counts within the leeway of a clock that is ahead", async () => {
    const target = await hostSmallGate({ leewaySeconds: 30 });
    const token = mint(target.clock, { issuedInMs: 30_000 });
    target.gate.revoke({ subject: "ada" });
    assert.equal((await target.knock({ fields: bearer(token) })).answer.status, 401);
    await target.stop();
  });

  test("holds for whom the door has just let in, and who has no session yet", async () => {
    const revoke = signal();
    const target = await hostSmallGate({
      approve: async () => {
        await revoke.promise;
        return true;
      },
    });
    const knocking = target.knock({ fields: bearer(mint(target.clock)) });
    const other = target.knock({ fields: bearer(mint(target.clock, { sub: "mia" })) });
    assert.equal(target.gate.revoke({ subject: "ada" }), 0);
    revoke.resolve();
    assert.equal((await knocking).answer.status, 401);
    assert.equal((await other).answer.status, 101);
    await target.stop();
  });

  for (const teller of ["decided", "sessionData", "closed"] as const) {
    test(`holds for a session that begins, when the application calls it from ${teller}()`, async () => {
      const revoke = () => void target.gate.revoke({ subject: "ada" });
      const target = await hostSmallGate({
        limits: { maxSessionsPerSubject: 1 },
        whenSubjectIsFull: "replace-oldest",
        ...(teller === "closed" ? {} : { [teller]: revoke }),
        ...(teller === "closed"
          ? { closed: (_session, _groups, end) => end === "replaced" && revoke() }
          : {}),
      });
      const token = mint(target.clock);
      if (teller === "closed") await target.enter(token);
      const { client, answer } = await target.knock({ fields: bearer(token) });
      if (answer.status === 101) {
        const { close: said } = await untilClose(client);
        assert.equal(said, "close 3003 Your token has been revoked.");
      } else assert.equal(answer.status, 401);
      assert.equal(target.gate.size, 0);
      await target.stop();
    });
  }

  test("throws for no target, several, and a time in seconds, and revokes nothing", async () => {
    const target = await hostSmallGate();
    await target.enter(mint(target.clock));
    for (const bad of [{}, { subject: "ada", tokenId: "t" }, { issuedBefore: NOW_MS / 1_000 }]) {
      assert.throws(() => target.gate.revoke(bad as Revocation), { code: "invalid_argument" });
    }
    assert.equal(target.gate.size, 1);
    await target.stop();
  });
});
