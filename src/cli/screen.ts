/**
 * What `connect` shows: a line for everything that happens, above the line that is being typed; or JSON, for programs.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { clearLine, cursorTo } from "node:readline";
import type { Writable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { type CloseStatus, type FrameTrace, meaningOfCode, payloadText } from "../mod.ts";
import type { CliContext } from "./command.ts";
import { frameJson, frameText } from "./frame_view.ts";
import { type Style, styleFor, type StyleName, terminalSafe } from "./style.ts";

/** What of a line editor is needed to draw it again. */
interface Editor {
  prompt(preserveCursor?: boolean): void;
}

const MAX_SHOWN = 4_000;

/** How often it is looked whether all has come that is waited for. */
const LOOK_EVERY_MS = 20;

/** Shows a conversation. */
export class Screen {
  /** Draws the line that is being typed, while there is one. */
  editor: Editor | undefined;
  readonly #context: CliContext;
  readonly #form: "text" | "json";
  readonly #style: Style;
  readonly #ends: (() => void)[] = [];
  #isOver = false;

  /**
   * @param context Where to write.
   * @param form For people or for programs.
   */
  constructor(context: CliContext, form: "text" | "json") {
    this.#context = context;
    this.#form = form;
    this.#style = styleFor(context.stdout, context);
  }

  /** The connection is open. */
  opened(subprotocol: string | undefined, isCompressed: boolean): void {
    const speaks = subprotocol === undefined ? "" : `, speaking ${terminalSafe(subprotocol)}`;
    this.#show("green", `connected${speaks}${isCompressed ? ", compressed" : ""}`, {
      event: "opened",
      subprotocol,
      isCompressed,
    });
  }

  /** A request was sent. */
  asked(id: string, type: string): void {
    this.#show("dim", `→ #${id} ${terminalSafe(type)}`, { event: "sent", id, type });
  }

  /** A text came. @param described What it is, in a line. */
  received(text: string, described: string): void {
    this.#show("cyan", `← ${terminalSafe(described, MAX_SHOWN)}`, { event: "received", text });
  }

  /** A binary message came. */
  receivedBytes(bytes: Uint8Array): void {
    const hex = Buffer.from(bytes).toString("hex");
    this.#show("cyan", `← ${bytes.length} bytes ${terminalSafe(hex, MAX_SHOWN)}`, {
      event: "received",
      bytes: hex,
    });
  }

  /** A pong came. */
  pong(payload: Uint8Array): void {
    const text = payloadText(payload);
    this.#show("dim", `← pong ${terminalSafe(text ?? Buffer.from(payload).toString("hex"))}`.trimEnd(), {
      event: "pong",
      text,
    });
  }

  /** A frame came or went. */
  frame({ direction, frame, payload }: FrameTrace): void {
    if (this.#form === "json") {
      this.#write(JSON.stringify({ event: "frame", direction, ...frameJson(frame, payload) }));
    } else this.#write(frameText(frame, this.#style, payload));
  }

  /** The connection has ended. */
  closed(code: number, reason: string, by: CloseStatus["by"], rule: string | undefined): void {
    const why = reason === "" ? "" : ` “${terminalSafe(reason)}”`;
    const broken = rule === undefined ? "" : ` The server broke a rule: ${rule}.`;
    this.#show("yellow", `closed ${code}${why} by ${WHO[by]}: ${meaningOfCode(code)}${broken}`, {
      event: "closed",
      code,
      reason,
      by,
      rule,
    });
  }

  /** There was no connection. */
  refused(why: string, status: number | undefined): void {
    this.#show("red", `refused: ${terminalSafe(why)}`, { event: "refused", status, why });
  }

  /** Tells something that did not come from the server. */
  note(text: string): void {
    this.#show("dim", text, { event: "note", text });
  }

  /** Waits until all is there, but not for ever, nor after the end. */
  async quiet(isDone: () => boolean, waitMs: number): Promise<void> {
    for (let leftMs = waitMs; leftMs > 0 && !isDone() && !this.#isOver; leftMs -= LOOK_EVERY_MS) {
      await wait(LOOK_EVERY_MS);
    }
  }

  /** Has a function called at the end. */
  onEnd(run: () => void): void {
    if (this.#isOver) run();
    else this.#ends.push(run);
  }

  /** It is over. */
  end(): void {
    this.#isOver = true;
    for (const run of this.#ends.splice(0)) run();
  }

  #show(style: StyleName, text: string, event: object): void {
    this.#write(this.#form === "json" ? JSON.stringify(event) : this.#style(style, text));
  }

  #write(text: string): void {
    const { stdout } = this.#context;
    if (this.editor !== undefined) {
      const terminal = stdout as unknown as Writable;
      clearLine(terminal, 0);
      cursorTo(terminal, 0);
    }
    stdout.write(`${text}\n`);
    this.editor?.prompt(true);
  }
}

const WHO: Readonly<Record<CloseStatus["by"], string>> = {
  local: "us",
  peer: "the server",
  transport: "the end of TCP",
};
