import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, noCompiler } from "../support/compiler.ts";

test("the project type-checks, and each @ts-expect-error has its error", { skip: noCompiler }, () => {
  assert.deepEqual(compile("--noEmit"), { output: "", status: 0 });
});

test("what is type-checked includes the proofs of what must not compile", { skip: noCompiler }, () => {
  const files = compile("--noEmit", "--listFilesOnly").output;
  for (const file of ["test/auth/permission.types.ts", "test/auth/validator.types.ts", "src/mod.ts"]) {
    assert.ok(files.includes(file), file);
  }
});
