import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { DemoServer } from "../../src/demo/server.ts";
import { mintDemoToken } from "../../src/demo/login.ts";
import { Acceptor } from "../../src/mod.ts";
import { cli } from "../support/cli.ts";
import { startServer, TEST_KEY, type TestServer } from "../support/server.ts";

/** A time-out in which a server on this machine always answers; it only ends tests that fail. */
const WAIT = "--wait 20s";

describe("portcullis connect and check, at a gate", () => {
  let demo: DemoServer;
  let bare = "";
  /** Where to go, and with what. */
  let url = "";
  const env = (role: "guest" | "admin") => ({
    PORTCULLIS_TOKEN: mintDemoToken("ada", role, TEST_KEY, Date.now()),
  });
  before(async () => {
    demo = await DemoServer.start({ host: "127.0.0.1", port: 0 }, { key: TEST_KEY, audit: () => undefined });
    bare = `ws://127.0.0.1:${demo.address.port}/ws`;
    url = `${bare} --token-env PORTCULLIS_TOKEN`;
  });
  after(() => {
    demo.http.close();
    demo.http.closeAllConnections();
  });

  test("each reply is shown with its request, and the end with what its code means", async () => {
    const stdin = 'echo {"a":1}\nuser.list\n\nnope {\n';
    const { code, out } = await cli(`connect ${url} ${WAIT}`, { stdin, env: env("guest") });
    const lines = out.trim().split("\n");
    assert.equal(lines[0], "connected, speaking portcullis.v1");
    assert.ok(lines.includes('← ok #1 echo {"a":1}'), out);
    assert.ok(lines.includes("← error #2 user.list forbidden: Your roles do not allow this message."), out);
    assert.ok(lines.includes("What stands behind nope is not JSON; /raw sends anything."));
    assert.equal(lines.at(-1), "closed 1000 by us: The purpose of the connection is fulfilled.");
    // A line that came from a program was none.
    assert.equal(code, 1);
  });

  test("lines that were all sent end with 0; one that is none, or cannot be sent, with 1", async () => {
    for (
      const [stdin, wanted] of [
        ["echo 1\n/ping\n/help\n", 0],
        ["/pong\n", 1],
        [`/ping ${"x".repeat(126)}\n`, 1],
        ["/close 1000\necho 1\n", 1],
        ["/close 1000\n\n/help\n", 0],
      ] as const
    ) {
      const { code } = await cli(`connect ${url} ${WAIT}`, { stdin, env: env("guest") });
      assert.equal(code, wanted, stdin);
    }
  });

  test("a credential in a header field among the arguments is warned of, and no other field", async () => {
    for (
      const [field, isWarned] of [["Authorization:x", true], ["cookie:a=b", true], ["X-A:1", false]] as const
    ) {
      const { err } = await cli(`connect ${bare} -H ${field}`);
      assert.equal(err.startsWith("Warning: a token among the arguments"), isWarned, field);
    }
  });

  test("for a program, everything is a line of JSON", async () => {
    const { out } = await cli(`connect ${url} --json --frames ${WAIT}`, {
      stdin: "echo 1\n",
      env: env("guest"),
    });
    const events = out.trim().split("\n").map((line) =>
      JSON.parse(line) as Readonly<Record<string, unknown>>
    );
    const kinds = new Set(events.map(({ event }) => event));
    assert.deepEqual(kinds, new Set(["opened", "frame", "received", "sent", "closed"]));
    assert.ok(events.some(({ text }) => text === '{"type":"ok","re":"1","data":1}'));
  });

  test("with --frames, each frame is shown bit by bit, both ways", async () => {
    const { out } = await cli(`connect ${url} --frames ${WAIT}`, { stdin: "echo 1\n", env: env("guest") });
    assert.match(out, /^client → server {2}text, 33 bytes$/m);
    assert.match(out, /^ {4}masking key +[01 ]{35} {2}[0-9a-f]{8}$/m);
    assert.match(out, /^server → client {2}close, 2 bytes$/m);
    assert.doesNotMatch(out, /hidden/);
  });

  test("with --frames, a payload that may be a token is said to be hidden", async () => {
    const world = { stdin: 'auth.refresh {"token":"x"}\n', env: env("guest") };
    const { out } = await cli(`connect ${url} --frames ${WAIT}`, world);
    assert.match(out, /^ {4}payload hidden: it may be a token, or a part of one$/m);
    assert.match((await cli(`connect ${url} --frames --json ${WAIT}`, world)).out, /"payloadIsHidden":true/);
  });

  test("no token is sent that no option names, whatever variable is set", async () => {
    const { out } = await cli(`connect ${bare}`, { env: env("guest") });
    assert.match(out, /^refused: The server answered 401 /);
    assert.match((await cli(`check ${bare}`, { env: env("guest") })).out, /HTTP 401/);
  });

  test("a refusal is a line with the status, and 1", async () => {
    const { code, out } = await cli(`connect ${url}`, { env: { PORTCULLIS_TOKEN: "x" } });
    assert.equal(out, "refused: The server answered 401 instead of 101. `portcullis check` tells more.\n");
    assert.equal(code, 1);
  });

  test("check tells whom the gate takes somebody for, and 0; or the status, and 1", async () => {
    const good = await cli(`check ${url}`, { env: env("guest"), nowMs: Date.now() });
    assert.match(good.out, /^✔ would be let in: ada, roles guest, for another (?:899|900) s\n$/);
    assert.equal(good.code, 0);
    const bad = await cli(`check ${url}`, { env: { PORTCULLIS_TOKEN: "x" } });
    assert.equal(
      bad.out,
      '✖ would be refused: HTTP 401 Unauthorized; Bearer realm="portcullis", error="invalid_token"\n',
    );
    assert.equal(bad.code, 1);
    const foreign = await cli(["check", ...url.split(" "), "-H", "Origin: https://evil.example"], {
      env: env("guest"),
    });
    assert.match(foreign.out, /^✖ would be refused: HTTP 403 Forbidden\n$/);
  });

  test("check shows the decision step by step where it has the key", async () => {
    const secret = "another secret of at least 32 bytes, for tests";
    const { out } = await cli(`check ${url}`, { env: { ...env("guest"), PORTCULLIS_SECRET: secret } });
    assert.match(out, /algorithm ok → signature not ok: not by the key that was given → sub ok/);
    const { out: json } = await cli(`check ${url} --json`, { env: env("guest") });
    const { status, body } = JSON.parse(json) as {
      readonly status: number;
      readonly body: { readonly subject: string };
    };
    assert.deepEqual([status, body.subject], [200, "ada"]);
  });

  test("check says so when nothing there answers such questions, or nobody does", async () => {
    const { code, out } = await cli(`check ${url} --check-path /nothing`, { env: env("guest") });
    assert.deepEqual([code, out], [
      1,
      "✖ would be refused: HTTP 404: no path there answers such questions (checkPath)\n",
    ]);
    const gone = await cli("check ws://127.0.0.1:9/ws");
    assert.equal(gone.code, 1);
    assert.match(gone.err, /^portcullis check: The server cannot be asked: [^\n]+\n$/);
  });
});

describe("portcullis connect, at any other server", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
    new Acceptor({
      insecureAllowAnonymous: true,
      insecureAllowAnyOrigin: true,
      subprotocols: ["chat"],
      connected: (_connection, { offer }) => ({
        text: (text, made) =>
          text === "bye"
            ? made.close(4_001, "so\x1blong")
            : void made.send(text === "field" ? String(offer.fields.get("x-mine")) : text),
        message: (bytes, kind, made) => void made.send(bytes, kind),
      }),
    }).attach(server.server);
  });
  after(() => server.stop());
  const connect = (stdin: string, options = "") =>
    cli(["connect", `ws://127.0.0.1:${server.port}/`, ...options.split(" ").filter(Boolean)], { stdin });

  test("a line is sent as it is, commands are not, and what comes is shown safely", async () => {
    const { code, out } = await connect("a \x1b[2J line\n/binary 00ff\n/ping x\n/nope\n", "--wait 0.3s");
    assert.deepEqual(out.trim().split("\n"), [
      "connected",
      "There is no /nope; /help lists what there is.",
      "← a \\u{1b}[2J line",
      "← 2 bytes 00ff",
      "← pong x",
      "closed 1000 by us: The purpose of the connection is fulfilled.",
    ]);
    assert.equal(code, 1);
  });

  test("a subprotocol is offered, and a header field sent", async () => {
    const { out } = await connect("field\n", "--wait 0.3s -s chat -H X-Mine:7");
    assert.match(out, /^connected, speaking chat\n← 7\n/);
  });

  test("a close of the server ends it with 1, unless it is a good end", async () => {
    const { code, out } = await connect("bye\n", "--wait 20s");
    assert.equal(
      out.trim().split("\n").at(-1),
      "closed 4001 “so\\u{1b}long” by the server: A code of the application.",
    );
    assert.equal(code, 1);
  });

  test("/close sends the code that it is told, and refuses one that must not be sent", async () => {
    const { code, out } = await connect("/close 1005 x\n/close 4002 enough\n", "--wait 20s");
    assert.match(out, /Status code 1005 must not be sent/);
    assert.match(out, /closed 4002 by us: A code of the application\./);
    assert.equal(code, 1);
  });

  test("a header field that is none is a fault of usage", async () => {
    const { code, err } = await connect("", "-H nothing");
    assert.deepEqual([code, err.split("\n")[0]], [
      2,
      'portcullis connect: "nothing" is no header field, as "Name: value" is one. See portcullis connect --help.',
    ]);
  });
});
