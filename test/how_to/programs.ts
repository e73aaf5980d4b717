/**
 * The programs that the library's own tests cannot run, as they import packages that it has not.
 *
 * @module
 */

import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { ROOT } from "../support/source_tree.ts";
import { type Command, DENO, SAME } from "../interop/programs.ts";
import { startChat } from "./chat_server.ts";

/** How long one may take. Most of it is for the runtime to start, and for Deno to check types. */
const DEADLINE_MS = 60_000;

/** Where the packages are that they import. */
export const HERE: string = fileURLToPath(new URL("./", import.meta.url));

/** Runs a program in this runtime, to its end. @throws {Error} When it does not end well, in time. */
export async function runInNode(file: string): Promise<void> {
  await run([...SAME, file]);
}

/**
 * Type-checks a program of Deno, and runs it with no more permissions than its page says, against a server.
 *
 * @throws {Error} When it does not end well, in time, or the server does not hear of it.
 */
export async function runInDeno(file: string): Promise<void> {
  if (DENO === undefined) throw new Error("There is no Deno on this machine.");
  const chat = await startChat();
  try {
    // The configuration, as the folder of the programs has a package of its own, and no types of Node.
    const flags = ["--quiet", "--check", "--config=deno.json"];
    const permissions = ["--allow-net=127.0.0.1", "--allow-env=CHAT_URL,CHAT_PASSWORD"];
    const variables = { CHAT_URL: `ws://127.0.0.1:${chat.port}/ws`, CHAT_PASSWORD: "none" };
    const printed = await run([...DENO, "run", ...flags, ...permissions, file], variables);
    const wanted = chat.said.map(({ by, text }) => `${by}: ${text}\n`).join("");
    if (wanted === "" || printed !== wanted) {
      throw new Error(`It printed "${printed}" instead of "${wanted}".`);
    }
  } finally {
    await chat.stop();
  }
}

function run([program, ...args]: Command, variables: Readonly<Record<string, string>> = {}): Promise<string> {
  const options = {
    cwd: fileURLToPath(ROOT),
    env: { ...process.env, NO_COLOR: "1", ...variables },
    timeout: DEADLINE_MS,
    killSignal: "SIGKILL",
  } as const;
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const how = error.killed === true ? `did not end within ${DEADLINE_MS} ms` : `ended with ${error.code}`;
      reject(new Error(`It ${how}.\n${stdout}${stderr}`));
    });
  });
}
