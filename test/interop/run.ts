/**
 * Has the library's server and client talk to those of others: `node run.ts run` prints one line for each pair and exits with 1 when
 * one of them failed. What is absent on this machine is skipped, and said so.
 *
 * @module
 */

import type { ChildProcess } from "node:child_process";
import process from "node:process";
import { converseInChromium } from "./chromium_client.ts";
import { tryCommandLine } from "./command_line.ts";
import { type Meeting, MEETINGS, type Peer } from "./peers.ts";
import { firstLine, SAME, start } from "./programs.ts";

if (process.argv[2] === "run") process.exit(await main() ? 0 : 1);

async function main(): Promise<boolean> {
  let failed = 0;
  let skipped = 0;
  let done = 0;
  for (const meeting of MEETINGS) {
    for await (const { client, outcome } of meet(meeting)) {
      console.log(
        `${
          outcome.startsWith("ok") ? "✔" : outcome.startsWith("skipped") ? "-" : "✖"
        } ${meeting.server.name} · ${client.name}: ${outcome}`,
      );
      if (outcome.startsWith("ok")) done++;
      else if (outcome.startsWith("skipped")) skipped++;
      else failed++;
    }
  }
  console.log(
    `interop: ${done} pairs agree, ${failed} do not, ${skipped} skipped`,
  );
  return failed === 0 && done > 0;
}

async function* meet(
  { server, clients, deflate }: Meeting,
): AsyncGenerator<{ client: Peer; outcome: string }> {
  const running = server.command === undefined
    ? undefined
    : start(server.command, server.program, server.args);
  const url = running === undefined ? "" : (await firstLine(running)).replace("listening on ", "");
  for (const client of clients) {
    if (running === undefined || client.command === undefined) {
      yield { client, outcome: "skipped: not on this machine" };
    } else {
      yield {
        client,
        outcome: judge(await resultsOf(client, url, server.does), deflate, client.except),
      };
    }
  }
  if (running !== undefined && !server.program.startsWith("our_")) {
    const client = { name: "portcullis connect, inspect", command: SAME, program: "", args: [] };
    yield { client, outcome: await tryCommandLine(url, deflate) };
  }
  await end(running);
}

async function resultsOf(
  { command, program, args }: Peer,
  url: string,
  serverDoes: string | undefined,
): Promise<string> {
  if (command === undefined || url === "") return "";
  if (program === "") return await converseInChromium(command, url);
  const child = start(command, program, [url, ...args, ...(serverDoes === undefined ? [] : [serverDoes])]);
  const line = await firstLine(child);
  await end(child);
  return line;
}

/** What a client said, in one line. */
function judge(
  line: string,
  deflate: boolean,
  except: string | undefined,
): string {
  if (line === "") return "FAILED: it said nothing";
  const { extensions = "", ...results } = JSON.parse(line) as Record<
    string,
    string
  >;
  const failures = Object.entries(results).filter(([name, result]) => result !== "ok" && name !== except);
  if (/deflate/i.test(extensions) !== deflate) {
    failures.push(["extensions", `"${extensions}"`]);
  }
  if (failures.length > 0) {
    return `FAILED: ${failures.map((failure) => failure.join(": ")).join("; ")}`;
  }
  const known = except === undefined ? "" : ` (but for ${except}, its own fault)`;
  return `ok, ${Object.keys(results).length} conversations${known}${deflate ? ", compressed" : ""}`;
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (
    child === undefined || child.exitCode !== null || child.signalCode !== null
  ) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}
