/**
 * A headless Chromium, driven over its DevTools protocol by this library's own client.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { connect, type Connection } from "../../src/mod.ts";
import type { Command } from "../interop/programs.ts";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--remote-debugging-port=0",
];

/** How long the page may take to come to what is waited for. */
const DEADLINE_MS = 20_000;
const LOOK_EVERY_MS = 50;

/** What the browser sends. */
interface CdpMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** A browser with one page. */
export class Browser {
  /** What the page complained of: errors in its console, exceptions, violations of its policy. */
  readonly complaints: string[] = [];
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #connection: Connection;
  readonly #pending = new Map<number, (message: CdpMessage) => void>();
  #nextId = 1;

  private constructor(child: ChildProcess, profile: string, connection: Connection) {
    this.#process = child;
    this.#profile = profile;
    this.#connection = connection;
  }

  /** Starts a browser, and opens a page in it. */
  static async open([executable, ...args]: Command, url: string): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), "chromium-"));
    // A group of its own, which ends together.
    const child = spawn(executable, [...args, ...FLAGS, `--user-data-dir=${profile}`, "about:blank"], {
      stdio: ["ignore", "ignore", "pipe"],
      detached: true,
      env: { ...process.env, TMPDIR: profile },
    });
    const debuggerUrl = await debuggerUrlOf(child);
    const [target] = await (await fetch(`http://${debuggerUrl.host}/json/list`)).json() as [
      { readonly webSocketDebuggerUrl: string },
    ];
    let tell: (text: string) => void = () => undefined;
    const connection = await connect(target.webSocketDebuggerUrl, {
      text: (text) => tell(text),
      limits: { maxMessageBytes: 64 * 1024 * 1024 },
    });
    const browser = new Browser(child, profile, connection);
    tell = (text) => browser.#received(JSON.parse(text) as CdpMessage);
    for (const domain of ["Page", "Runtime", "Log"]) await browser.send(`${domain}.enable`);
    await browser.send("Page.addScriptToEvaluateOnNewDocument", { source: TELL_VIOLATIONS });
    await browser.send("Page.navigate", { url });
    return browser;
  }

  /** Calls a method of the protocol. @returns Its result. */
  async send(method: string, params: object = {}): Promise<Readonly<Record<string, unknown>>> {
    const id = this.#nextId++;
    const answer = new Promise<CdpMessage>((resolve) => this.#pending.set(id, resolve));
    this.#connection.send(JSON.stringify({ id, method, params }));
    const { result = {}, error } = await answer;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  /** Evaluates an expression in the page. @returns Its value, awaited. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return (result as { readonly value?: unknown }).value;
  }

  /** Waits until an expression is true in the page. */
  async until(expression: string): Promise<void> {
    for (let left = DEADLINE_MS; left > 0; left -= LOOK_EVERY_MS) {
      if (await this.evaluate(expression) === true) return;
      await wait(LOOK_EVERY_MS);
    }
    throw new Error(`The page never came to ${expression}`);
  }

  /** Makes the screen as large as this. */
  async resize(width: number, height: number): Promise<void> {
    const screen = { width, height, deviceScaleFactor: 1, mobile: width < 500 };
    await this.send("Emulation.setDeviceMetricsOverride", screen);
  }

  /** Presses a key, as on a keyboard. */
  async press(key: KeyName, modifiers: 0 | typeof SHIFT = 0): Promise<void> {
    const { code, text } = KEYS[key];
    const about = { key, code: key, windowsVirtualKeyCode: code, modifiers };
    await this.send("Input.dispatchKeyEvent", {
      type: "keyDown",
      ...about,
      ...(text === undefined ? {} : { text }),
    });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...about });
  }

  /** Ends the browser. */
  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    if (this.#process.pid !== undefined) process.kill(-this.#process.pid, "SIGTERM");
    await ended;
    this.#connection.destroy();
    // The browser's own helpers may still write; what they leave is in a temporary folder.
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }).catch(
      console.error,
    );
  }

  #received(message: CdpMessage): void {
    const { id, method, params = {} } = message;
    if (id !== undefined) {
      this.#pending.get(id)?.(message);
      this.#pending.delete(id);
    }
    if (method === "Runtime.consoleAPICalled" && params["type"] === "error") {
      this.complaints.push(JSON.stringify(params["args"]));
    }
    if (method === "Runtime.exceptionThrown") this.complaints.push(JSON.stringify(params));
    if (method === "Log.entryAdded") {
      const { level, text } = params["entry"] as { readonly level: string; readonly text: string };
      if (level === "error") this.complaints.push(text);
    }
  }
}

/** What the page's policy forbids is told by an event, whatever the browser writes down of it. */
const TELL_VIOLATIONS =
  `document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  console.error("The policy was violated:", violatedDirective, blockedURI));`;

/** The modifier of a key that is pressed together with Shift. */
export const SHIFT = 8;

/** The keys that a visitor without a mouse needs, by their names, with the codes of the platform. */
const KEYS = {
  Tab: { code: 9, text: undefined },
  Enter: { code: 13, text: "\r" },
  ArrowLeft: { code: 37, text: undefined },
  ArrowRight: { code: 39, text: undefined },
} as const;

/** The name of one key. */
export type KeyName = keyof typeof KEYS;

/** The line in which the browser says where it is driven from. */
async function debuggerUrlOf(child: ChildProcess): Promise<URL> {
  for await (const line of createInterface(child.stderr as Readable)) {
    const url = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (url !== undefined) return new URL(url);
  }
  throw new Error("The browser ended before it could be driven.");
}
