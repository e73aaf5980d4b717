/** A gate behind a proxy, which is this machine: whose address is counted, and written down. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Acceptor } from "../../src/io/acceptor.ts";
import { putFrontDoor } from "../../src/io/front_door.ts";
import { hostSmallGate, type SmallGate, type SmallGateOptions } from "../support/gate_small.ts";
import { bearer, mint } from "../support/minted.ts";
import { ask } from "../support/plain_http.ts";
import { closed } from "../support/server.ts";

const PROXIED: SmallGateOptions = {
  trustedProxies: { addresses: ["127.0.0.1", "10.0.0.0/8"], field: "x-forwarded-for" },
  limits: { maxConnectionsPerAddress: 1 },
};

/** Knocks as a proxy does. @returns The status, and the address that was written down. */
async function knockFor(target: SmallGate, forwarded: string | readonly string[], name = "X-Forwarded-For") {
  const fields = { ...bearer(mint(target.clock)), [name]: forwarded };
  const { answer } = await target.knock({ fields });
  return `${answer.status} ${target.decisions.at(-1)?.address}`;
}

describe("trustedProxies", () => {
  test("counts each client by its own address, until it has gone", async () => {
    const target = await hostSmallGate(PROXIED);
    const first = await target.enter({
      fields: { ...bearer(mint(target.clock)), "x-forwarded-for": "192.0.2.1" },
    });
    assert.equal(await knockFor(target, "192.0.2.1"), "429 192.0.2.1");
    assert.equal(target.decisions.at(-1)?.refused?.reason, "connections_of_address");
    assert.equal(target.audit.at(-1)?.address, "192.0.2.1");
    assert.equal(await knockFor(target, "192.0.2.2"), "101 192.0.2.2");
    assert.equal(await knockFor(target, "::ffff:192.0.2.2"), "429 192.0.2.2");
    assert.equal(await knockFor(target, "[2001:db8::1]:443"), "101 2001:db8::1");
    assert.equal(await knockFor(target, "2001:db8::2"), "429 2001:db8::2", "the same /64");
    first.client.reset();
    await closed(target.sockets[0]);
    assert.equal(await knockFor(target, "192.0.2.1"), "101 192.0.2.1");
    await target.stop();
  });

  test("lets nobody choose his address by writing to the left of the proxy", async () => {
    const target = await hostSmallGate(PROXIED);
    assert.equal(await knockFor(target, "192.0.2.1"), "101 192.0.2.1");
    assert.equal(await knockFor(target, "6.6.6.6, 192.0.2.1"), "429 192.0.2.1");
    assert.equal(await knockFor(target, ["6.6.6.7", "192.0.2.1, 10.0.0.2"]), "429 192.0.2.1");
    assert.equal(await knockFor(target, "6.6.6.8, unknown"), "101 127.0.0.1");
    assert.equal(await knockFor(target, "6.6.6.9, x\u00a0\u009b31m"), "429 127.0.0.1");
    await target.stop();
  });

  test("believes no other field, and no peer that is not named", async () => {
    const target = await hostSmallGate(PROXIED);
    assert.equal(await knockFor(target, "for=192.0.2.1", "Forwarded"), "101 127.0.0.1");
    assert.equal(await knockFor(target, "192.0.2.1", "X-Real-IP"), "429 127.0.0.1");
    await target.stop();
    const others: SmallGateOptions = {
      trustedProxies: { addresses: ["127.0.0.2"], field: "x-forwarded-for" },
    };
    for (const options of [{}, others]) {
      const stranger = await hostSmallGate({ ...options, limits: { maxConnectionsPerAddress: 1 } });
      assert.equal(await knockFor(stranger, "192.0.2.1"), "101 127.0.0.1");
      assert.equal(await knockFor(stranger, "192.0.2.2"), "429 127.0.0.1");
      await stranger.stop();
    }
  });

  test("reads Forwarded instead, where that is the field", async () => {
    const trustedProxies = { addresses: ["127.0.0.1"], field: "forwarded" } as const;
    const target = await hostSmallGate({ ...PROXIED, trustedProxies });
    const fields = ['for="x', 'For="[2001:db8::1]:443";proto=https;host="a, for=6.6.6.6"'];
    assert.equal(await knockFor(target, fields, "Forwarded"), "101 2001:db8::1");
    assert.equal(await knockFor(target, "192.0.2.1"), "101 127.0.0.1");
    await target.stop();
  });

  test("holds for checkPath, ticketPath and requests that are refused", async () => {
    const seen: string[] = [];
    const target = await hostSmallGate({
      ...PROXIED,
      checkPath: "/check",
      ticketPath: "/ticket",
      carriers: ["authorization", "ticket"],
      approve: ({ address }) => seen.push(address) > 0,
    });
    const forwarded = { "X-Forwarded-For": "6.6.6.6, 192.0.2.1" };
    const fields = { ...bearer(mint(target.clock)), ...forwarded };
    const status = async (request: Parameters<typeof ask>[1]) => (await ask(target.port, request)).status;
    assert.equal(await status({ fields }), 200);
    assert.equal(await status({ method: "POST", target: "/ticket", fields }), 200);
    assert.deepEqual(seen, ["192.0.2.1", "192.0.2.1"]);
    assert.equal(await status({ fields: forwarded }), 401);
    assert.equal(await status({ method: "PUT", fields: forwarded }), 405);
    assert.equal(
      (await target.knock({ fields: { ...forwarded, "Sec-WebSocket-Version": "12" } })).answer.status,
      426,
    );
    assert.deepEqual(new Set(target.decisions.map(({ address }) => address)), new Set(["192.0.2.1"]));
    assert.equal(target.decisions.length, 5);
    await target.enter({ fields });
    assert.equal(await status({ fields }), 429, "there is no room for another of this client");
    assert.equal(await status({ fields: { ...fields, "X-Forwarded-For": "192.0.2.2" } }), 200);
    await target.stop();
  });

  test("holds behind a front door, too", async () => {
    const target = await hostSmallGate(PROXIED);
    putFrontDoor(target.gate, target.server);
    assert.equal(await knockFor(target, "6.6.6.6, 192.0.2.1"), "101 192.0.2.1");
    assert.equal(await knockFor(target, "6.6.6.7, 192.0.2.1"), "429 192.0.2.1");
    await target.stop();
  });

  test("is judged when the acceptor is made", () => {
    const options = { insecureAllowAnonymous: true, connected: () => ({}) } as const;
    const make = (address: string) => () =>
      new Acceptor({ ...options, trustedProxies: { addresses: [address], field: "forwarded" } });
    assert.doesNotThrow(make("127.0.0.1"));
    assert.throws(make("everybody"), { code: "invalid_argument" });
  });
});
