/**
 * The lines that are typed or piped: on a terminal with a prompt, a history and the usual keys, elsewhere just lines.
 *
 * @module
 */

import process from "node:process";
import { createInterface } from "node:readline";
import type { CliContext } from "./command.ts";
import type { Screen } from "./screen.ts";

const HISTORY = 500;

/**
 * Reads lines until the input ends.
 *
 * @param context Where they come from.
 * @param screen Written to while a line is being typed, which must survive that.
 */
export async function* readLines({ stdin }: CliContext, screen: Screen): AsyncGenerator<string> {
  const isTyped = stdin.isTTY === true;
  const editor = createInterface({
    input: stdin,
    ...(isTyped
      ? {
        output: process.stdout,
        terminal: true,
        historySize: HISTORY,
        removeHistoryDuplicates: true,
        prompt: "> ",
      }
      : {}),
  });
  if (isTyped) {
    // Ctrl-C ends the input, as Ctrl-D does: the connection is then closed as it should be.
    editor.on("SIGINT", () => editor.close());
    screen.editor = editor;
    editor.prompt();
  }
  screen.onEnd(() => editor.close());
  try {
    for await (const line of editor) {
      yield line;
      if (isTyped) editor.prompt();
    }
  } finally {
    screen.editor = undefined;
    editor.close();
  }
}
