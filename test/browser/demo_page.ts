/**
 * The demo in a process of its own, and its page in a browser: what a visitor can do there, and see.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type Command, firstLine, SAME } from "../interop/programs.ts";
import { Browser } from "./browser.ts";

const DEMO = fileURLToPath(new URL("../../src/demo/main.ts", import.meta.url));

/** Around what is on a picture, in pixels. */
const MARGIN = 16;

/** The demo and its page. */
export class DemoPage {
  /** The page, for whatever has no method here. */
  readonly browser: Browser;
  #demo: ChildProcess;
  #port: string;

  private constructor(browser: Browser, demo: ChildProcess, port: string) {
    this.browser = browser;
    this.#demo = demo;
    this.#port = port;
  }

  /** Starts the demo, and a browser on its page. */
  static async open(command: Command): Promise<DemoPage> {
    const { demo, url } = await startDemo("0");
    const browser = await Browser.open(command, url);
    await browser.until('document.querySelectorAll(".panel").length === 3');
    return new DemoPage(browser, demo, new URL(url).port);
  }

  /** Presses a button of a panel, as a mouse would. */
  async press(role: string, part: string): Promise<void> {
    await this.browser.evaluate(`${partOf(role, part)}.click()`);
  }

  /** Sends a message by the form of a panel. */
  async compose(role: string, type: string, fields: Readonly<Record<string, string>>): Promise<void> {
    await this.browser.evaluate(`{
      const choice = ${partOf(role, "choice")};
      choice.value = ${JSON.stringify(type)};
      choice.dispatchEvent(new Event("change"));
      for (const [name, value] of Object.entries(${JSON.stringify(fields)})) {
        ${partOf(role, "fields")}.querySelector("[name=" + name + "]").value = value;
      }
    }`);
    await this.press(role, "send");
  }

  /** Waits until a part of a panel shows a text. */
  async shows(role: string, part: string, text: string): Promise<void> {
    await this.browser.until(`${partOf(role, part)}.textContent.includes(${JSON.stringify(text)})`);
  }

  /** Chooses a tab of a panel, as a mouse would. */
  async choose(role: string, tab: string): Promise<void> {
    await this.browser.evaluate(`document.querySelector("#panel-${role}-${tab}-tab").click()`);
  }

  /** Presses a button by what it is called, as a mouse would. */
  async order(label: string): Promise<void> {
    const button = `document.querySelector('[aria-label=${JSON.stringify(label)}]')`;
    await this.browser.until(`${button} !== null`);
    await this.browser.evaluate(`${button}.click()`);
  }

  /** Has an attack tried. @returns What the page says of it. */
  async attack(name: string): Promise<string> {
    await this.browser.evaluate(`{
      document.querySelector("[data-part=verdict]").replaceChildren();
      document.querySelector('[data-attack=${JSON.stringify(name)}]').click();
    }`);
    await this.browser.until(`document.querySelector("[data-part=verdict]").textContent !== ""`);
    return String(await this.browser.evaluate(`document.querySelector("[data-part=report]").textContent`));
  }

  /** Where the demo is. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Begins anew: a page that has just been loaded. */
  async reload(): Promise<void> {
    await this.browser.evaluate(`document.querySelector("h1").textContent = "old"`);
    await this.browser.send("Page.reload");
    await this.browser.until(
      `document.querySelector("h1")?.textContent === "Portcullis" && document.querySelectorAll(".panel").length === 3`,
    );
  }

  /** Ends the demo without a word, and starts it at the same place with another key. */
  async restart(): Promise<void> {
    await end(this.#demo, "SIGKILL");
    this.#demo = (await startDemo(this.#port)).demo;
  }

  /** Takes a picture of the whole page, or of a part of it. */
  async picture(file: string, selector = "html"): Promise<void> {
    const clip = await this.browser.evaluate(`(() => {
      const { x, y, width, height } = document.querySelector(${
      JSON.stringify(selector)
    }).getBoundingClientRect();
      const top = Math.max(0, y + scrollY - ${MARGIN}), left = Math.max(0, x + scrollX - ${MARGIN});
      return { x: left, y: top, width: width + 2 * ${MARGIN}, height: height + 2 * ${MARGIN}, scale: 1 };
    })()`);
    const { data } = await this.browser.send("Page.captureScreenshot", {
      captureBeyondViewport: true,
      format: "webp",
      quality: 80,
      clip,
    });
    writeFileSync(file, String(data), "base64");
  }

  /** Ends everything. @returns What the console complained of, but for what was provoked. */
  async close(): Promise<readonly string[]> {
    await this.browser.close();
    await end(this.#demo, "SIGTERM");
    // A connection that breaks off, or a 401, is told by the browser itself, whatever the page does about it.
    return this.browser.complaints.filter((text) =>
      !/^(?:WebSocket connection to|Failed to load resource)/.test(text)
    );
  }
}

/** An expression for a part of the panel that was made for a role, whatever role it has by now. */
export function partOf(role: string, part: string): string {
  return `document.querySelector("#panel-${role}").closest(".panel").querySelector('[data-part="${part}"]')`;
}

async function startDemo(port: string): Promise<{ readonly demo: ChildProcess; readonly url: string }> {
  const [executable, ...args] = SAME;
  const demo = spawn(executable, [...args, DEMO], {
    env: {
      ...process.env,
      PORT: port,
      HOST: "127.0.0.1",
      PORTCULLIS_SECRET: randomBytes(32).toString("hex"),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await firstLine(demo);
  return { demo, url: line.replace("listening on ", "") };
}

async function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await ended;
}
