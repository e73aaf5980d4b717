import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { definePermissions } from "../../src/auth/permission.ts";
import { PortcullisError } from "../../src/base/errors.ts";
import type { HealthPaths } from "../../src/io/health.ts";
import { hostGate } from "../support/gate_host.ts";
import { hostSmallGate } from "../support/gate_small.ts";
import { mint } from "../support/minted.ts";
import { ask } from "../support/plain_http.ts";
import { close } from "../support/raw_http_frames.ts";
import { envelope } from "../support/server_gate.ts";

const PATHS = { livePath: "/livez", readyPath: "/readyz", metricsPath: "/metrics" };

describe("A gate answers", () => {
  test("live and ready with 200, and ready with 503 from the first moment of a drain on", async () => {
    const target = await hostSmallGate(PATHS);
    const { client } = await target.enter(mint(target.clock));
    assert.equal((await ask(target.port, { target: "/livez" })).status, 200);
    assert.deepEqual(await look(target.port, "/readyz"), [200, "ok\n"]);
    void target.gate.drain();
    assert.deepEqual(await look(target.port, "/readyz"), [503, "not ready\n"]);
    assert.equal((await ask(target.port, { target: "/livez" })).status, 200);
    client.reset();
    await target.stop();
  });

  test("HEAD as GET without the body, other methods with 405, and leaves all other paths alone", async () => {
    const target = await hostSmallGate({ ...PATHS, checkPath: "/check" });
    const head = await ask(target.port, { target: "/readyz", method: "HEAD" });
    assert.deepEqual([head.status, head.body], [200, ""]);
    const post = await ask(target.port, { target: "/metrics", method: "POST" });
    assert.deepEqual([post.status, post.fields["allow"]], [405, "GET, HEAD"]);
    assert.equal((await ask(target.port, { target: "/check" })).status, 401);
    await target.stop();
  });

  test("nothing of it unless it is asked for", async () => {
    const target = await hostSmallGate();
    for (const path of Object.values(PATHS)) {
      assert.deepEqual(await look(target.port, path), [418, "plain"]);
    }
    await target.stop();
  });

  test("its figures in full when a type of the table is not in ASCII", async () => {
    const isAnything = (_value: unknown): _value is unknown => true;
    const permissions = definePermissions({
      roles: ["member"],
      receive: { "größe": { roles: [], data: isAnything } },
      send: {},
    });
    const target = await hostGate({ ...PATHS, permissions, handlers: { "größe": () => undefined } });
    const { client } = await target.enter(mint(target.clock));
    client.write(envelope("größe", "1", {}));
    await client.json();
    const body = await (await fetch(`http://127.0.0.1:${target.port}/metrics`)).text();
    assert.ok(body.includes('portcullis_denials_total{type="größe",reason="forbidden"} 1'));
    assert.ok(body.endsWith("# EOF\n"));
    client.reset();
    await target.stop();
  });

  test("its figures, which name no user and hold no text of a stranger", async () => {
    const target = await hostSmallGate({ ...PATHS, checkPath: "/check" });
    const { client } = await target.enter(mint(target.clock, { sub: "grace-hopper", roles: ["member"] }));
    await target.knock();
    await ask(target.port, { target: "/check" });
    for (const type of ["look", "rule", "__proto__", "evil-type"]) {
      client.write(envelope(type, "1", {}));
      await client.json();
    }
    target.gate.groups.send("everyone", "news", "x");
    target.gate.revoke({ subject: "grace-hopper" });
    const { status, fields, body } = await ask(target.port, { target: "/metrics" });
    assert.equal(status, 200);
    assert.equal(fields["content-type"], "application/openmetrics-text; version=1.0.0; charset=utf-8");
    for (
      const line of [
        'portcullis_handshakes_total{result="admitted",carrier="authorization"} 1',
        'portcullis_handshakes_total{result="no_credential",carrier="none"} 1',
        'portcullis_door_requests_total{purpose="check",result="no_credential"} 1',
        'portcullis_denials_total{type="rule",reason="forbidden"} 1',
        'portcullis_denials_total{type="unknown",reason="unknown_type"} 2',
        'portcullis_session_ends_total{reason="revoked"} 1',
        "portcullis_sessions 0",
        "portcullis_connections 1",
        "portcullis_group_send_seconds_count 1",
        "portcullis_revocation_seconds_count 1",
      ]
    ) assert.ok(body.includes(`\n${line}\n`), line);
    assert.ok(body.endsWith("# EOF\n"));
    assert.equal(/grace|evil|__proto__/.test(body), false);
    client.write(close(3003));
    client.end();
    await target.idle();
    assert.ok(target.gate.metrics().includes('portcullis_closes_total{code="3003",side="local"} 1'));
    await target.stop();
  });
});

const WRONG: Readonly<Record<string, HealthPaths & { readonly checkPath?: string; readonly path?: string }>> =
  {
    "has a query": { livePath: "/livez?x" },
    "does not begin with a slash": { readyPath: "readyz" },
    "is there twice": { livePath: "/health", readyPath: "/health" },
    "is that of the check": { checkPath: "/health", readyPath: "/health" },
    "is that of the gate": { path: "/ws", metricsPath: "/ws" },
  };

for (const [what, paths] of Object.entries(WRONG)) {
  test(`Gate() throws for a path of health that ${what}`, async () => {
    await assert.rejects(
      () => hostSmallGate(paths),
      (error) => error instanceof PortcullisError && error.code === "invalid_argument",
    );
  });
}

/** The status and body of an answer. */
async function look(port: number, path: string): Promise<readonly [number, string]> {
  const { status, body } = await ask(port, { target: path });
  return [status, body];
}
