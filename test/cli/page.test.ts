import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { COMMANDS } from "../../src/cli/commands.ts";
import { mintDemoToken } from "../../src/demo/login.ts";
import { DemoServer } from "../../src/demo/server.ts";
import { hmacKey } from "../../src/mod.ts";
import { cli, type CliOutcome } from "../support/cli.ts";
import { fencesOf } from "../docs/fences.ts";
import { wordsOf } from "../support/shell_words.ts";
import { readProjectFile } from "../support/source_tree.ts";

const SECRET = "a secret of at least 32 bytes, for tests";

let demo: DemoServer;
before(async () => {
  const key = hmacKey(SECRET);
  demo = await DemoServer.start({ host: "127.0.0.1", port: 0 }, { key, audit: () => undefined });
});
after(() => {
  demo.http.close();
  demo.http.closeAllConnections();
});

/** Runs what stands behind a prompt: programs of ours, and `echo` in front of them. */
async function run(line: string): Promise<CliOutcome> {
  // A whole second, so that what is left of a quarter of an hour is just that.
  const nowMs = Math.floor(Date.now() / 1_000) * 1_000;
  const env = {
    PORTCULLIS_SECRET: SECRET,
    PORTCULLIS_TOKEN: mintDemoToken("ada", "member", demo.key, nowMs),
  };
  let outcome: CliOutcome = { code: 0, out: "", err: "" };
  for (const part of line.split(" | ")) {
    const [program, ...words] = wordsOf(part.replaceAll("127.0.0.1:8080", `127.0.0.1:${demo.address.port}`));
    if (program === "echo") outcome = { code: 0, out: `${words.join(" ")}\n`, err: "" };
    else if (program === "portcullis") {
      const takesToken = words.includes("--token-stdin");
      const { PORTCULLIS_TOKEN: _token, ...withoutToken } = env;
      outcome = await cli(words, { env: takesToken ? withoutToken : env, nowMs, stdin: outcome.out });
    } else assert.fail(`No test can run ${program}.`);
  }
  return outcome;
}

/** What is said, with `…` for anything. */
function pattern(expected: string): RegExp {
  const parts = expected.trim().split("…").map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*?")}$`);
}

const transcripts = fencesOf("docs/cli.md").flatMap(({ code, place }) =>
  code.split(/^\$ /m).slice(1).map((text) => {
    const [line = "", ...expected] = text.split("\n");
    return { line, expected: expected.join("\n"), place };
  })
);

for (const { line, expected, place } of transcripts) {
  test(`the transcript of \`${line}\` at ${place} is what is said`, async () => {
    const { out, err } = await run(line);
    assert.match(`${err}${out}`.trim(), pattern(expected));
  });
}

test("docs/cli.md tells of each command", () => {
  assert.ok(transcripts.length >= 10);
  const page = readProjectFile("docs/cli.md");
  for (const name of COMMANDS.keys()) assert.ok(page.includes(`portcullis ${name}`), name);
});
