import assert from "node:assert/strict";
import { test } from "node:test";
import { filesBelow, readProjectFile, resolveImport } from "../support/source_tree.ts";

/** Lists what a file loads when it runs: all that it imports or re-exports, but types. */
function loadedBy(file: string): string[] {
  const code = readProjectFile(file).replace(/\/\*[\s\S]*?\*\//g, "");
  // `import { type A }` is no type import: the module is loaded, for nothing.
  const statements = code.matchAll(/^(?:import|export)\s(?!type\s)[^;"'=]*?\bfrom\s*"([^"]+)";/gm);
  const others = code.matchAll(/\bimport\s*\(?\s*"([^"]+)"/g);
  return [...statements, ...others].map((match) => match[1] as string);
}

/** Follows what a file loads, and all that this loads. @returns The way to the first module of `node:`, if there is one. */
function wayToNode(file: string, seen = new Set<string>()): string | undefined {
  if (seen.has(file)) return undefined;
  seen.add(file);
  for (const specifier of loadedBy(file)) {
    if (!specifier.startsWith(".")) return `${file} → ${specifier}`;
    const way = wayToNode(resolveImport(file, specifier), seen);
    if (way !== undefined) return `${file} → ${way}`;
  }
  return undefined;
}

for (const file of filesBelow("src/client", ".ts")) {
  test(`${file} loads nothing that a page does not have`, () => assert.equal(wayToNode(file), undefined));
}

test("the way to a module of node: is found, however long it is", () => {
  assert.match(wayToNode("src/io/create_client.ts") ?? "", /^src\/io\/create_client\.ts → .* → node:/);
  assert.match(wayToNode("src/protocol/close.ts") ?? "", /^src\/protocol\/close\.ts → node:buffer$/);
});

test("src/client uses no global that only Node or only a browser has", () => {
  for (const file of filesBelow("src/client", ".ts")) {
    const code = readProjectFile(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    assert.doesNotMatch(
      code,
      /\b(?:Buffer|process|require|window|document|localStorage|Deno|setImmediate)\b/,
      file,
    );
  }
});
