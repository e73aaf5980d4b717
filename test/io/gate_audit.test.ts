/** Text of strangers on its way into headers and logs. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { bearer, mint } from "../support/minted.ts";
import { untilReply } from "../support/conversation.ts";
import { hostSmallGate, type SmallGate } from "../support/gate_small.ts";
import { ask } from "../support/plain_http.ts";
import { exchange } from "../support/raw_http.ts";
import { text } from "../support/raw_http_frames.ts";
import { envelope } from "../support/server_gate.ts";

const HOSTILE = [
  "a\r\nSet-Cookie: x=1",
  'a","event":"authn_login_success',
  "\u001b[2J\u0007",
  "\u2028\u2029\u202e\ufeff\u0000",
  "\ud800",
  "x".repeat(200),
  "\\u{a}",
];

/** All text within a value, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** Printable, bounded, and one line of JSON each. */
function assertHarmless({ audit, decisions }: SmallGate, secrets: readonly string[]): void {
  for (const record of [...audit, ...decisions.map((decision) => ({ ...decision }))]) {
    for (const written of textsIn(record)) {
      assert.match(written, /^[\x20-\x7e…]*$/);
      assert.ok(written.length <= 600, written);
    }
    const line = JSON.stringify(record);
    assert.ok(!/[\r\n]/.test(line));
    for (const secret of secrets) assert.ok(!line.includes(secret), line);
  }
}

/** The key of the tests, in the ways in which a secret is written. */
const SECRET = Buffer.alloc(32, "test");
const KEY_TEXT = (["hex", "base64url", "base64", "latin1"] as const).map((form) => SECRET.toString(form));

describe("Audit and decisions hold nothing that could harm whoever reads them:", () => {
  test("subjects, token ids, roles and types", async () => {
    const target = await hostSmallGate({ carriers: ["authorization", "ticket"], ticketPath: "/ticket" });
    const secrets = [...KEY_TEXT];
    for (const hostile of HOSTILE) {
      const sub = hostile.slice(0, 256);
      const token = mint(target.clock, { sub, jti: sub, roles: [hostile, "guest"] });
      secrets.push(token, token.slice(0, 60));
      const { client, hello } = await target.enter(token);
      assert.deepEqual(hello["roles"], ["guest"]);
      client.write(Buffer.concat([
        envelope(hostile, "1", hostile),
        text(JSON.stringify({ type: "act", id: hostile.slice(0, 128) })),
        envelope("auth.refresh", "2", { token }),
        envelope("auth.refresh", "3", { token: hostile }),
      ]));
      await untilReply(client, "3");
      const { body } = await ask(target.port, { method: "POST", target: "/ticket", fields: bearer(token) });
      const { ticket } = JSON.parse(body) as { readonly ticket: string };
      secrets.push(ticket);
      for (let times = 0; times < 2; times++) await target.knock({ line: `GET /?ticket=${ticket} HTTP/1.1` });
      target.gate.setRoles(sub, ["guest"]);
      target.gate.revoke({ subject: sub });
      target.gate.revoke({ tokenId: sub });
      await target.knock({ fields: bearer(token) });
    }
    assertHarmless(target, secrets);
    const names = new Set(target.audit.map(({ event }) => event));
    for (
      const name of [
        "authn_login_success",
        "authn_login_fail",
        "authn_token_created",
        "authn_token_reuse",
        "authn_token_revoked",
        "authz_fail",
        "input_validation_fail",
        "privilege_permissions_changed",
        "session_renewed",
      ] as const
    ) assert.ok(names.has(name), name);
    await target.stop();
  });

  for (
    const policy of [{ insecureAllowAnyOrigin: true as const }, { allowedOrigins: ["https://app.example"] }]
  ) {
    test(`Origins, where ${"allowedOrigins" in policy ? "some are" : "any is"} allowed, in headers too`, async () => {
      const target = await hostSmallGate({ ...policy, checkPath: "/check" });
      const token = mint(target.clock);
      const origins = [
        "\x80\xff\xe9",
        "https://evil.example\tx",
        `${"x".repeat(3_000)}`,
        '"><script>',
        "null",
        "%0d%0aX: 1",
        "",
      ];
      for (const Origin of origins) {
        const fields = { ...bearer(token), Origin };
        const { client, answer } = await target.knock({ fields });
        assert.ok([101, 403].includes(answer.status));
        client.reset();
        for (const method of ["GET", "OPTIONS"]) {
          const { status, fields: said } = await ask(target.port, { method, fields });
          assert.ok([200, 204, 403].includes(status), `${status}`);
          assert.equal(said["x"], undefined);
          if ("allowedOrigins" in policy) assert.equal(said["access-control-allow-origin"], undefined);
        }
      }
      // Whoever writes a line end into a field writes another field, and nothing more.
      const injected = await exchange(
        target.port,
        `GET /check HTTP/1.1\r\nHost: a\r\nOrigin: a\rX: 1\r\n\r\n`,
      );
      assert.match(injected.text, /^HTTP\/1\.1 400 /);
      assertHarmless(target, [token, ...KEY_TEXT]);
      assert.equal(
        (await ask(target.port, { fields: bearer(token) })).status,
        200,
        "the server is still there",
      );
      await target.stop();
    });
  }
});
