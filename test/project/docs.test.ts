import assert from "node:assert/strict";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { compile, noCompiler } from "../support/compiler.ts";
import { type Fence, fencesOf, programUrl, writePrograms } from "../support/fences.ts";
import { filesBelow, readProjectFile, ROOT, sourceFiles } from "../support/source_tree.ts";

const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", ...filesBelow("docs", ".md")];
const fences = [...pages, ...sourceFiles()].flatMap(fencesOf);
const programs = fences.filter((fence) => fence.language === "ts");
const { folder, files } = writePrograms(programs);
after(() => rmSync(folder, { recursive: true }));

/** Configurations are for `npm run proxy` to try, and it knows one page. */
const TRIED = new Set(["nginx", "caddy", "haproxy"].map((language) => `${language} in docs/deployment.md`));

test("every code fence has a language that is tested", () => {
  for (const { language, place } of fences) {
    const isTried = TRIED.has(`${language} in ${place.replace(/:\d+$/, "")}`);
    assert.ok(isTried || ["ts", "sh", "json", "text"].includes(language), place);
  }
  assert.ok(programs.length > 10);
});

/** A server that goes on until it is stopped is only type-checked. */
const runsOn = (fence: Fence) => fence.place.startsWith("README.md");

programs.forEach((fence, index) => {
  if (runsOn(fence)) return;
  test(`the example at ${fence.place} runs`, async () => {
    await import(programUrl(files[index] as string));
  });
});

test("the examples type-check", { skip: noCompiler }, () => {
  const project = join(folder, "tsconfig.json");
  const base = fileURLToPath(new URL("tsconfig.json", ROOT));
  const types = fileURLToPath(new URL("node_modules/@types/node/index.d.ts", ROOT));
  const compilerOptions = { rewriteRelativeImportExtensions: false, noUnusedLocals: false };
  writeFileSync(
    project,
    JSON.stringify({ extends: base, compilerOptions, files: [types, ...files], include: [] }),
  );
  const { output, status } = compile("-p", project);
  assert.equal(output, "");
  assert.equal(status, 0);
});

test("every command in a fence exists", () => {
  const { scripts } = JSON.parse(readProjectFile("package.json")) as {
    readonly scripts: Record<string, string>;
  };
  const { tasks } = JSON.parse(readProjectFile("deno.json")) as { readonly tasks: Record<string, string> };
  for (const { code, place } of fences.filter((fence) => fence.language === "sh")) {
    for (
      const line of code.split("\n").map((text) => text.replace(/#.*$/, "").trim()).filter((text) =>
        text !== ""
      )
    ) {
      const script = /^npm (?:run )?([a-z]+)/.exec(line)?.[1];
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

test("every relative link in a page leads somewhere", () => {
  for (const page of pages) {
    for (const [, target] of readProjectFile(page).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(new URL(target as string, new URL(page, ROOT))), `${page} links to ${target}`);
    }
  }
});
