import assert from "node:assert/strict";
import type { IncomingMessage, Server } from "node:http";
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

  const ask = async (line: string, host = "127.0.0.1") => {
    const client = await RawClient.open(port);
    client.write(`${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    const response = await client.response();
    const { rest } = await client.finished;
    return { ...response, body: rest.toString() };
  };

  const files: Readonly<Record<string, string>> = {
    "/": "text/html; charset=utf-8",
    "/?x=1": "text/html; charset=utf-8",
    "/panel.css": "text/css; charset=utf-8",
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

  test("serves every stylesheet and script that the page names", async () => {
    const html = await (await fetch(`http://127.0.0.1:${port}/`)).text();
    const paths = html.match(/(?<=(?:href|src)=")\/\w+\.(?:css|js)(?=")/g) ?? [];
    assert.ok(paths.length > 2);
    for (const path of paths) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      assert.equal(response.status, 200, path);
      const type = path.endsWith(".css") ? "text/css" : "text/javascript";
      assert.equal(response.headers.get("content-type"), `${type}; charset=utf-8`);
      await response.body?.cancel();
    }
  });

  for (const path of ["/", "/token", "/watch", "/attack", "/ws"]) {
    test(`answers 421 to ${path} under a name that somebody else lets point here`, async () => {
      const { body, status } = await ask(`GET ${path}`, "evil.example");
      assert.equal(status, 421);
      assert.match(body, /This server has another name/);
      assert.notEqual((await ask(`GET ${path}`, "localhost:1")).status, 421);
    });
  }

  const fetchedFrom = (site?: string): Record<string, string> =>
    site === undefined ? {} : { "Sec-Fetch-Site": site };
  const watching = (query: string, site?: string) => {
    const stop = new AbortController();
    const asked = { headers: fetchedFrom(site), signal: stop.signal };
    return fetch(`http://127.0.0.1:${port}/watch${query}`, asked).then((response) => {
      stop.abort();
      return response;
    });
  };
  const login = (site?: string) => {
    const body = JSON.stringify({ name: "x", role: "guest" });
    return fetch(`http://127.0.0.1:${port}/token`, { method: "POST", body, headers: fetchedFrom(site) });
  };
  for (
    const [site, status] of [[undefined, 200], ["same-origin", 200], ["none", 200], ["same-site", 403], [
      "cross-site",
      403,
    ]] as const
  ) {
    test(`answers ${status} to what a browser calls ${site ?? "nothing"}, and has none of it sniffed`, async () => {
      for (const response of [await watching("?watch=a-name-of-a-watch", site), await login(site)]) {
        assert.equal(response.status, status);
        assert.equal(response.headers.get("x-content-type-options"), "nosniff");
        assert.match(response.headers.get("content-security-policy") ?? "", /^default-src 'none'/);
      }
    });
  }

  for (
    const [what, names, status] of [
      ["8 names", Array.from({ length: 8 }, (_, i) => `name-number-${i}`), 200],
      ["9 names", Array.from({ length: 9 }, (_, i) => `name-number-${i}`), 400],
      ["no name", [], 400],
      ["a name twice", ["name-number-0", "name-number-0"], 400],
      ["what is no name", ["x"], 400],
    ] as const
  ) {
    test(`answers ${status} to a page that watches ${what}`, async () => {
      const response = await watching(`?${names.map((name) => `watch=${name}`).join("&")}`);
      assert.equal(response.status, status);
    });
  }

  test("lets a socket watch once, however many requests it sends at once, and frees it when it goes", async () => {
    for (let round = 0; round < 2; round++) {
      const client = await RawClient.open(port);
      const gone = new Promise<void>((resolve) => {
        server.once("request", ({ socket }: IncomingMessage) => void socket.once("close", () => resolve()));
      });
      for (let i = 0; i < 8; i++) {
        client.write(`GET /watch?watch=name-number-${i} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      }
      assert.equal((await client.response()).status, 200);
      const others = Array.from({ length: 4 }, (_, i) => watching(`?watch=name-number-${i + 1}`));
      for (const { status } of await Promise.all(others)) assert.equal(status, 200);
      client.reset();
      await gone;
    }
  });

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
      "/../panel.css",
      "/%2e%2e/panel.css",
      "/page/index.html",
      "/panel.css/",
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
