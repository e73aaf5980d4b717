#!/usr/bin/env node
/**
 * The program `portcullis`.
 *
 * @module
 */

import process from "node:process";
import { runCli } from "./run.ts";

// Whoever reads just the first lines may then hang up.
process.stdout.on("error", () => process.exit(0));
process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  now: () => Date.now(),
});
