/**
 * The naive chat in a process of its own, for attacks that end it. It prints its port, then a line for each token that it
 * begins to verify, and one for each message that it got to see.
 *
 * Environment: `NAIVE=chat`; without it, nothing is started.
 *
 * @module
 */

import type { AddressInfo } from "node:net";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { naiveChat } from "./chat.ts";
import { users } from "./users.ts";

/** What the database takes to find a user. */
const LOOK_UP_MS = 100;

if (process.env["NAIVE"] === "chat") {
  const server = naiveChat(async (token) => {
    console.log("verifying");
    await setTimeout(LOOK_UP_MS);
    return users[token];
  });
  server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
}
