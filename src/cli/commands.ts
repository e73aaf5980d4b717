/**
 * All commands, in the order in which the help shows them.
 *
 * @module
 */

import { checkCommand } from "./check.ts";
import type { Command } from "./command.ts";
import { connectCommand } from "./connect.ts";
import { inspectCommand } from "./inspect.ts";
import { serveCommand } from "./serve.ts";
import { tokenExplainCommand } from "./token_explain.ts";
import { tokenMintCommand } from "./token_mint.ts";
import { tokenVerifyCommand } from "./token_verify.ts";

/** Each command by its name, of one word or two. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ["serve", serveCommand],
  ["token mint", tokenMintCommand],
  ["token verify", tokenVerifyCommand],
  ["token explain", tokenExplainCommand],
  ["connect", connectCommand],
  ["check", checkCommand],
  ["inspect", inspectCommand],
]);
