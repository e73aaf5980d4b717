/**
 * The client of this library, in the clothes of a browser's WebSocket. `node our_client.ts URL DEFLATE` prints one line of JSON; the
 * second argument is the option `deflate`, as JSON.
 *
 * @module
 */

import process from "node:process";
import { connect, type Connection, type DeflateChoice } from "../../src/mod.ts";

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** The part of the API that the conversations use. */
class BrowserLike {
  binaryType = "arraybuffer";
  extensions = "";
  onopen: () => void = () => {};
  onerror: () => void = () => {};
  onmessage: (event: { readonly data: string | ArrayBuffer }) => void = () => {};
  onclose: (
    event: { readonly code: number; readonly wasClean: boolean },
  ) => void = () => {};
  #connection: Connection | undefined;

  constructor(url: string, deflate: DeflateChoice) {
    void this.#open(url, deflate);
  }

  send(data: string | Uint8Array): void {
    this.#connection?.send(data);
  }

  close(code?: number, reason?: string): void {
    this.#connection?.close(code, reason);
  }

  async #open(url: string, deflate: DeflateChoice): Promise<void> {
    try {
      this.#connection = await connect(url, {
        deflate,
        limits: {
          maxMessageBytes: MAX_MESSAGE_BYTES,
          maxQueuedBytes: 4 * MAX_MESSAGE_BYTES,
        },
        text: (data) => this.onmessage({ data }),
        message: (data) => this.onmessage({ data: new Uint8Array(data).buffer }),
        closed: ({ code, by }) => this.onclose({ code, wasClean: by !== "transport" }),
      });
      this.extensions = this.#connection.deflate === undefined ? "" : "permessage-deflate";
      this.onopen();
    } catch (error) {
      console.error(error);
      this.onerror();
    }
  }
}

const [url, deflate = "false"] = process.argv.slice(2);
if (url !== undefined) {
  const name = "./conversations.js"; // In a variable: JavaScript for all peers, without types.
  const { converse } = await import(name) as {
    converse(url: string, open: (url: string) => unknown): Promise<unknown>;
  };
  const choice = JSON.parse(deflate) as DeflateChoice;
  console.log(
    JSON.stringify(
      await converse(url, (target) => new BrowserLike(target, choice)),
    ),
  );
  process.exit(0);
}
