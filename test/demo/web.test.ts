import assert from "node:assert/strict";
import type { Server } from "node:http";
import { after, before, describe, test } from "node:test";
import { startDemoRequests } from "../support/demo_requests.ts";
import { RawClient } from "../support/raw_http.ts";

describe("demoRequests()", () => {
  let server: Server;
  let port = 0;
  before(async () => {
    ({ server, port } = await startDemoRequests());
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  const ask = async (line: string) => {
    const client = await RawClient.open(port);
    client.write(`${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    const response = await client.response();
    const { rest } = await client.finished;
    return { ...response, body: rest.toString() };
  };

  const files: Readonly<Record<string, string>> = {
    "/": "text/html; charset=utf-8",
    "/?x=1": "text/html; charset=utf-8",
    "/page.css": "text/css; charset=utf-8",
    "/page.js": "text/javascript; charset=utf-8",
  };
  for (const [path, type] of Object.entries(files)) {
    test(`serves ${path}, which may load nothing from elsewhere`, async () => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("content-type"), type);
      const policy = response.headers.get("content-security-policy") ?? "";
      assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
      assert.doesNotMatch(await response.text(), /(?:src|href)="(?:https?:)?\/\//);
    });
  }

  test("tells an ordinary request to /ws what it takes", async () => {
    const response = await fetch(`http://127.0.0.1:${port}/ws`);
    await response.text();
    assert.equal(response.status, 426);
    assert.equal(response.headers.get("upgrade"), "websocket");
  });

  test("answers HEAD like GET, without the page", async () => {
    const [get, head] = [await ask("GET /"), await ask("HEAD /")];
    assert.equal(head.status, 200);
    assert.equal(head.fields["content-type"], get.fields["content-type"]);
    assert.equal(head.body, "");
    assert.match(get.body, /<!doctype html>/i);
  });

  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    test(`answers 405 to ${method} of the page`, async () => {
      const { fields, status } = await ask(`${method} /`);
      assert.deepEqual([status, fields["allow"]], [405, "GET, HEAD"]);
    });
  }

  for (
    const target of [
      "*",
      "http://a/",
      "//",
      "/../page.css",
      "/%2e%2e/page.css",
      "/page/index.html",
      "/page.css/",
      "/constructor",
    ]
  ) {
    test(`answers 404 to the target ${target}, with a policy that loads nothing`, async () => {
      const { body, fields, status } = await ask(`GET ${target}`);
      assert.equal(status, 404);
      assert.match(body, /Not Found\n/);
      assert.match(fields["content-security-policy"] ?? "", /^default-src 'none'/);
    });
  }
});
