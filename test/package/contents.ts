/**
 * What is in the package: all that it needs, and nothing besides.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Checks, expect, expectNone } from "./checks.ts";
import { type Manifest, manifestIn, packageIn } from "./installed.ts";
import { ROOT } from "./programs.ts";

/** All that lies at the top. npm adds the description, the README and the licence to what `files` names. */
const TOP = ["CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md", "dist", "docs", "package.json", "src"];
/** What a folder may hold: sources and pages, and what is built of them. */
const KINDS: Readonly<Record<string, RegExp>> = {
  docs: /\.md$/,
  src: /\.ts$|^src\/demo\/page\/\w+\.(?:html|css|js)$/,
  dist: /\.js$|\.d\.ts$|^dist\/demo\/page\/\w+\.(?:html|css)$/,
};
const TEST = /\.(?:test|types)\.|(?:^|\/)(?:test|tests|coverage|node_modules)\//;

/** @param checks Where to say what was found. @param folder Into which the package was installed. */
export async function checkContents(checks: Checks, folder: string): Promise<void> {
  const root = packageIn(folder);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => statSync(join(root, name)).isFile());

  await checks.check("the package has what belongs at its top, and nothing else", () => {
    const top = readdirSync(root).sort().join(", ");
    expect(top === TOP.join(", "), `it has ${top}`);
  });
  await checks.check("it has no tests, and no configuration", () => {
    expectNone(files.filter((name) => TEST.test(name) || !isOfItsKind(name)));
  });
  await checks.check("what is in dist was built from what is in src", () => {
    expectNone(
      files.filter((name) => name.startsWith("dist/") && !sourcesOf(name).some((of) => files.includes(of))),
    );
  });
  await checks.check("what exports, types and bin name exists", () => {
    expectNone(targetsOf(manifestIn(folder)).filter((target) => !existsSync(join(root, target))));
  });
  await checks.check("dist imports its own files and node: modules alone", () => {
    expectNone(files.filter((name) => isBuilt(name)).flatMap((name) => lostImports(root, name)));
  });
  await checks.check("nothing names a place outside of the package", () => {
    expectNone(files.flatMap((name) => outsiders(name, readFileSync(join(root, name), "utf8"))));
  });
}

function isOfItsKind(name: string): boolean {
  const kind = KINDS[name.split("/", 1).join()];
  return kind === undefined || kind.test(name);
}

function isBuilt(name: string): boolean {
  return name.startsWith("dist/") && !name.startsWith("dist/demo/page/");
}

/** What a file of `dist` may have been made from: copied, or compiled. */
function sourcesOf(name: string): readonly string[] {
  const source = name.replace(/^dist\//, "src/");
  return [source, source.replace(/(?:\.d\.ts|\.js)$/, ".ts")];
}

function targetsOf({ exports: entries, types, bin }: Manifest): readonly string[] {
  const exported = Object.values(entries).flatMap((entry) =>
    typeof entry === "string" ? [entry] : Object.values(entry)
  );
  return [...exported, ...(types === undefined ? [] : [types]), ...Object.values(bin ?? {})];
}

/** The imports of a file that lead nowhere, or to another package. */
function lostImports(root: string, name: string): readonly string[] {
  const code = readFileSync(join(root, name), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const statements = code.matchAll(/^(?:import|export)\b[^;"'=]*?\bfrom\s*"([^"]+)";/gm);
  const others = code.matchAll(/\bimport\s*\(?\s*"([^"]+)"/g);
  return [...statements, ...others].map(([, specifier = ""]) => specifier).filter((specifier) => {
    if (specifier.startsWith("node:")) return false;
    // Declarations name each other as the sources do; compilers look for `.d.ts` in the place of `.ts`.
    const target = name.endsWith(".d.ts") ? specifier.replace(/\.ts$/, ".d.ts") : specifier;
    return !specifier.startsWith(".") || !existsSync(join(root, dirname(name), target));
  }).map((specifier) => `${name} imports "${specifier}"`);
}

/** Maps and references of compilers, and folders of the machine on which the package was made. */
function outsiders(name: string, text: string): readonly string[] {
  const marks = ["sourceMappingURL=", '/// <reference path="', "file:///", ROOT];
  return marks.filter((mark) => text.includes(mark)).map((mark) => `${name} has ${mark}`);
}
