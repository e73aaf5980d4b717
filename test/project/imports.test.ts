import assert from "node:assert/strict";
import { test } from "node:test";
import {
  importsOf,
  type Layer,
  layerOf,
  LAYERS,
  readProjectFile,
  resolveImport,
  sourceFiles,
} from "../support/source_tree.ts";

test("src imports nothing but its own files and node: modules", () => {
  for (const file of sourceFiles()) {
    for (const specifier of importsOf(file)) {
      assert.match(specifier, /^(?:\.{1,2}\/.*\.ts|node:[a-z_/]+)$/, `${file} imports "${specifier}"`);
    }
  }
});

test("src imports only point down", () => {
  for (const file of sourceFiles()) {
    for (const target of importsOf(file).filter((specifier) => specifier.startsWith("."))) {
      const from = layerOf(file);
      const to = layerOf(resolveImport(file, target));
      const below: readonly Layer[] = LAYERS[from];
      const allowed = from === to || below.includes(to);
      assert.ok(allowed, `${file} imports ${target}: ${from} must not know ${to}`);
    }
  }
});

test("src has no cycle of imports", () => {
  const open = new Set<string>();
  const done = new Set<string>();
  const visit = (file: string): void => {
    if (done.has(file)) return;
    assert.ok(!open.has(file), `${file} imports itself by way of ${[...open].join(" → ")}`);
    open.add(file);
    for (const target of importsOf(file).filter((specifier) => specifier.startsWith("."))) {
      visit(resolveImport(file, target));
    }
    open.delete(file);
    done.add(file);
  };
  for (const file of sourceFiles()) visit(file);
  assert.ok(done.size > 40);
});

// #region pure_layers
/** What a pure layer may take from the runtime. */
const PURE_MODULES = new Set(["node:buffer", "node:crypto", "node:zlib"]);
const IMPURE =
  /\b(?:Date\.now|new Date\(\)|performance\.|Math\.random|randomBytes|randomUUID|setTimeout|setInterval|setImmediate|queueMicrotask|fetch\()/;

test("base, protocol, auth and session do no I/O, read no clock and draw no randomness", () => {
  for (const file of sourceFiles().filter((name) => /^src\/(?:base|protocol|auth|session)\//.test(name))) {
    for (const specifier of importsOf(file)) {
      assert.ok(specifier.startsWith(".") || PURE_MODULES.has(specifier), `${file} imports ${specifier}`);
    }
    const code = readProjectFile(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    assert.doesNotMatch(code, IMPURE, file);
  }
});
// #endregion
