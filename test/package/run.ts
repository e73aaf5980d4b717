/**
 * Uses the package as its user gets it: packed, installed into an empty folder, imported and compiled there,
 * and judged. `node run.ts run` prints one line for each check and exits with 1 when one of them failed. What
 * is absent on this machine is skipped, and said so.
 *
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Checks, Skipped } from "./checks.ts";
import { checkContents } from "./contents.ts";
import { checkDeno } from "./deno_user.ts";
import { install, pack } from "./installed.ts";
import { checkNode, checkTypes } from "./node_user.ts";
import { findNodes } from "./programs.ts";
import { checkServe } from "./serve.ts";
import { checkVerdicts } from "./verdicts.ts";

if (process.argv[2] === "run") process.exit(await main() ? 0 : 1);

async function main(): Promise<boolean> {
  const checks = new Checks();
  const folder = mkdtempSync(join(tmpdir(), "portcullis-package-"));
  try {
    await checkAll(checks, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(checks.summary);
  return checks.sound;
}

/** @param checks Where to say what was found. @param folder Where the users live. */
async function checkAll(checks: Checks, folder: string): Promise<void> {
  let tarball = "";
  const packed = await checks.check("npm pack", async () => {
    tarball = await pack(folder);
  });
  if (!packed) return;
  await checkVerdicts(checks, tarball);

  const nodeUser = join(folder, "node");
  if (await checks.check("npm install into an empty folder, offline", () => install(tarball, nodeUser))) {
    await checkContents(checks, nodeUser);
    await checkTypes(checks, nodeUser);
    const nodes = await findNodes();
    for (const node of nodes) {
      await checkNode(checks, nodeUser, node);
      await checkServe(checks, nodeUser, node);
    }
    for (
      const major of ["v20.", "v24."].filter((wanted) =>
        !nodes.some(({ version }) => version.startsWith(wanted))
      )
    ) {
      await checks.check(`Node ${major}x`, () => {
        throw new Skipped(
          "not here: .ci/run runs this under Node 20, and installs Node 24 into test/runtimes",
        );
      });
    }
  }

  const denoUser = join(folder, "deno");
  if (await checks.check("npm install into an empty folder, for Deno", () => install(tarball, denoUser))) {
    await checkDeno(checks, denoUser);
  }
}
