/**
 * `portcullis serve`: the demo.
 *
 * @module
 */

import process from "node:process";
import type { CliContext, Command, Given } from "./command.ts";
import { secretOptions, takeSecret } from "./secrets.ts";

/** Starts the demo. */
export const serveCommand: Command = {
  summary: "start the demo: a page on which you see through the gate",
  usage: "[OPTIONS]",
  about:
    "Starts the demo, and writes each decision to standard output, a line of JSON each. Ctrl-C drains it and ends it. Without a key, one is made for this run.",
  options: {
    port: {
      value: "PORT",
      short: "p",
      help: "where to listen; by default PORT, or 8080; 0 picks a free one",
    },
    host: { value: "HOST", help: "by default HOST, or 127.0.0.1, which only this machine reaches" },
    ...secretOptions("secret", "the key that signs tokens, at least 32 bytes"),
  },
  positionals: { min: 0, max: 0 },
  examples: [
    "portcullis serve",
    "portcullis serve --port 0",
    "PORTCULLIS_SECRET=$(openssl rand -hex 32) portcullis serve",
  ],
  run: serve,
};

/** The demo is a program that takes its settings from the environment: it is given them there. */
async function serve(given: Given, context: CliContext): Promise<number> {
  const secret = await takeSecret("secret", given, context);
  const settings = { PORT: given.text("port"), HOST: given.text("host"), PORTCULLIS_SECRET: secret };
  for (const [name, value] of Object.entries(settings)) if (value !== undefined) process.env[name] = value;
  await import("../demo/main.ts");
  return 0;
}
