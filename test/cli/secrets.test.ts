import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { cli } from "../support/cli.ts";

const SECRET = "a secret of at least 32 bytes, for tests";
const folder = mkdtempSync(join(tmpdir(), "cli-"));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, "key.txt");
writeFileSync(file, `${SECRET}\n`);

const MINT = "token mint --subject ada --jti 1";
const wanted = (await cli(MINT, { env: { PORTCULLIS_SECRET: SECRET } })).out;

test("a secret comes from the environment, from a file or from standard input, without a word", async () => {
  const places = [
    cli(`${MINT} --secret-env MINE`, { env: { MINE: SECRET } }),
    cli(`${MINT} --secret-file ${file}`),
    cli(`${MINT} --secret-stdin`, { stdin: `${SECRET}\r\n` }),
  ];
  for (const outcome of await Promise.all(places)) {
    assert.deepEqual(outcome, { code: 0, out: wanted, err: "" });
  }
});

test("a secret among the arguments is taken, with a warning that does not repeat it", async () => {
  const { code, out, err } = await cli([...MINT.split(" "), "--secret", SECRET]);
  assert.deepEqual([code, out], [0, wanted]);
  assert.match(
    err,
    /^Warning: a secret among the arguments is seen by everybody who lists processes, [^\n]*\n$/,
  );
  assert.equal(err.includes(SECRET), false);
});

test("a token as a word is taken with the same warning", async () => {
  const { code, err } = await cli(["token", "verify", wanted.trim()], { env: { PORTCULLIS_SECRET: SECRET } });
  assert.equal(code, 0);
  assert.match(err, /^Warning: a token among the arguments /);
});

test("a secret that is not where it was said to be is a fault of usage, in one line without it", async () => {
  const cases: Readonly<Record<string, RegExp>> = {
    "--secret-env MISSING": /The variable MISSING is not set\./,
    [`--secret-file ${file} --secret ${SECRET.replaceAll(" ", "_")}`]: /The secret is given twice\./,
    [`--secret-file ${folder}/none`]: /none cannot be read: ENOENT: no such file or directory\./,
  };
  for (const [options, message] of Object.entries(cases)) {
    const { code, out, err } = await cli(`${MINT} ${options}`);
    assert.deepEqual([code, out], [2, ""], options);
    assert.match(err, message);
    assert.equal(err.includes("a_secret"), false);
  }
});
