import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { after, test } from "node:test";
import { noCompiler, typeFaults } from "../support/compiler.ts";
import { type Fence, fencesOf, importsOthers, programUrl, writePrograms } from "./fences.ts";
import { PAGES } from "./pages.ts";
import { readProjectFile, ROOT, sourceFiles } from "../support/source_tree.ts";

const fences = [...PAGES, ...sourceFiles()].flatMap(fencesOf);
/** What imports other packages is for `npm run how-to`, which has them. */
const programs = fences.filter((fence) =>
  fence.language === "ts" && fence.info === "" && !importsOthers(fence)
);
const { folder, files } = writePrograms(programs);
after(() => rmSync(folder, { recursive: true }));

const { scripts } = JSON.parse(readProjectFile("package.json")) as {
  readonly scripts: Record<string, string>;
};

/** Configurations are for `npm run proxy` to try, and pages for `npm run how-to`; each knows where they are. */
const TRIED: ReadonlySet<string> = new Set([
  "nginx in docs/how_to/behind_nginx.md",
  "caddy in docs/deployment.md",
  "haproxy in docs/deployment.md",
  "html in docs/how_to/clients.md",
]);

test("every code fence has a language that is tested", () => {
  const tried = new Set<string>();
  for (const fence of fences) {
    const { language, info, code, place } = fence;
    const page = place.replace(/:\d+$/, "");
    const isTried = TRIED.has(`${language} in ${page}`);
    if (isTried) tried.add(`${language} in ${page}`);
    assert.ok(isTried || ["ts", "sh", "json", "text", "diff"].includes(language), place);
    if (language === "json") assert.doesNotThrow(() => JSON.parse(code), place);
    if (info !== "") assert.match(`${language} ${info}`, /^ts (?:src|test)\/\S+\.ts#\w+$/, place);
    if (language === "ts" && info === "" && importsOthers(fence)) {
      assert.match(page, /^docs\/how_to\//, place);
    }
  }
  assert.deepEqual(tried, TRIED);
  assert.ok(programs.length > 10);
});

test("no fence is written in another way, which nobody would look at", () => {
  for (const page of PAGES) {
    const lines = readProjectFile(page).split("\n").filter((line) => /^\s*(?:```|~~~)/.test(line));
    assert.equal(lines.length, 2 * fencesOf(page).length, page);
  }
});

test("every script that a page names exists", () => {
  for (const page of PAGES) {
    for (const [, name = ""] of readProjectFile(page).matchAll(/npm run ([a-z][a-z:-]*)/g)) {
      assert.ok(name in scripts, `${page}: ${name}`);
    }
  }
});

/** A server that goes on until it is stopped is only type-checked. */
const runsOn = (fence: Fence) => fence.place.startsWith("README.md");

programs.forEach((fence, index) => {
  if (runsOn(fence)) return;
  test(`the example at ${fence.place} runs`, async () => {
    await import(programUrl(files[index] as string));
  });
});

test("the examples type-check", (t) => {
  // Deno forgets what comes after all tests when one is skipped by an option.
  if (noCompiler !== false) return t.skip(noCompiler);
  assert.equal(typeFaults(folder, files), "");
});

test("every command in a fence exists", () => {
  const { tasks } = JSON.parse(readProjectFile("deno.json")) as { readonly tasks: Record<string, string> };
  for (const { code, place } of fences.filter((fence) => fence.language === "sh")) {
    for (
      const line of code.split("\n").map((text) => text.replace(/#.*$/, "").trim()).filter((text) =>
        text !== ""
      )
    ) {
      const script = /^npm (?:run )?([a-z:-]+)/.exec(line)?.[1];
      const task = /^deno task ([a-z]+)/.exec(line)?.[1];
      const file = /(?:^| )(?:src|test|dist|\.ci)\/\S+/.exec(line)?.[0].trim();
      if (script !== undefined) assert.ok(script in scripts, `${place}: ${line}`);
      else if (task !== undefined) assert.ok(task in tasks, `${place}: ${line}`);
      else {assert.ok(
          file !== undefined && existsSync(new URL(file.replace(/^dist\/(.*)\.js$/, "src/$1.ts"), ROOT)),
          `${place}: ${line}`,
        );}
    }
  }
});
