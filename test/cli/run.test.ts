import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS } from "../../src/cli/commands.ts";
import { readGiven } from "../../src/cli/options.ts";
import { readProjectFile } from "../support/source_tree.ts";
import { cli } from "../support/cli.ts";
import { wordsOf } from "../support/shell_words.ts";

test("runCli() lists every command when it is asked for help, and with none it says so as a fault of usage", async () => {
  const asked = await cli("--help");
  for (const [name, { summary }] of COMMANDS) {
    assert.match(asked.out, new RegExp(`^  ${name} +${summary.slice(0, 20)}`, "m"));
  }
  assert.deepEqual(await cli("help"), asked);
  assert.deepEqual(await cli("-h"), asked);
  assert.equal(asked.code, 0);
  assert.deepEqual(await cli(""), { ...asked, code: 2 });
});

for (const [name, command] of COMMANDS) {
  test(`runCli() tells of ${name} with --help: each option, and examples that can be meant`, async () => {
    const { code, out, err } = await cli(`${name} --help`);
    assert.deepEqual([code, err], [0, ""]);
    assert.deepEqual(await cli(`help ${name}`), { code, out, err });
    for (const [option, { help }] of Object.entries(command.options)) {
      assert.ok(out.includes(`--${option}`) && out.includes(help), option);
    }
    assert.ok(command.examples.length >= 2);
    for (const example of command.examples) {
      const [, words = ""] = new RegExp(`(?:^|[ (])portcullis ${name}(.*)$`).exec(example) ?? [];
      // What stands behind a pipe, or around a substitution, is another program's.
      const own = words.split(/ \| |\)/)[0] ?? "";
      assert.ok(example.includes(`portcullis ${name}`), example);
      readGiven(wordsOf(own), command);
    }
  });
}

test("runCli() says in one line what it cannot mean, where to look, and ends with 2", async () => {
  const cases: Readonly<Record<string, RegExp>> = {
    "nothing":
      /^portcullis: There is no command "nothing"; there are: serve, token mint, [^\n]* See portcullis --help\.\n$/,
    "help nothing": /^portcullis: There is no command "nothing"; /,
    "connect":
      /^portcullis connect: Something is missing: URL \[OPTIONS\]\. See portcullis connect --help\.\n$/,
    "connect a b": /^portcullis connect: "b" is too much\. /,
    "inspect --nope": /^portcullis inspect: Unknown option '--nope'\. See /,
    "inspect --from": /^portcullis inspect: Option '--from <value>' argument missing\. See /,
    "inspect --json=1": /^portcullis inspect: Option '--json' does not take an argument\. See /,
    "connect http://x": /^portcullis connect: The URL begins with http:; it must be ws: or wss:\. /,
    "connect nonsense": /^portcullis connect: "nonsense" is no URL, /,
    "connect ws://u:p@x/": /^portcullis connect: The URL has credentials; use a token\. /,
    "token mintx": /^portcullis: There is no command "token mintx"; there are: /,
    "nope x": /^portcullis: There is no command "nope"; there are: /,
    "connect ws://x/ --wait soon": /^portcullis connect: --wait is "soon"; it must be a time /,
    "token mint": /^portcullis token mint: There is no key: set PORTCULLIS_SECRET, /,
    "token mint --secret short": /Key has 5 bytes; HS256 takes at least 32\. See /,
  };
  for (const [words, message] of Object.entries(cases)) {
    const { code, out, err } = await cli(words);
    assert.deepEqual([code, out], [2, ""], words);
    assert.match(err, message, words);
    assert.equal(err.split("\n").filter((line) => !line.startsWith("Warning: ")).length, 2, words);
  }
});

test("runCli() tells the version of the package", async () => {
  const { version } = JSON.parse(readProjectFile("package.json")) as { readonly version: string };
  assert.deepEqual(await cli("--version"), { code: 0, out: `${version}\n`, err: "" });
});

test("the package has the command line as its program, which begins as one", () => {
  const { bin } = JSON.parse(readProjectFile("package.json")) as {
    readonly bin: Readonly<Record<string, string>>;
  };
  assert.deepEqual(bin, { portcullis: "dist/cli/main.js" });
  assert.match(readProjectFile("src/cli/main.ts"), /^#!\/usr\/bin\/env node\n/);
});
