/**
 * The client of this library, in the clothes of a browser's WebSocket. `node our_client.ts URL DEFLATE` prints one line of JSON; the
 * second argument is the option `deflate`, as JSON; the third, `ws`, says that the server is one of that library.
 *
 * @module
 */

import process from "node:process";
import { connect, type Connection, type DeflateChoice } from "../../src/mod.ts";

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

interface Conversations {
  converse(
    url: string,
    open: (url: string, subprotocols: readonly string[]) => unknown,
    more: object,
  ): Promise<unknown>;
  readonly OF_WS_SERVER: object;
}

/** The part of the API that the conversations use. */
class BrowserLike {
  binaryType = "arraybuffer";
  extensions = "";
  protocol = "";
  onopen: () => void = () => {};
  onerror: () => void = () => {};
  onmessage: (event: { readonly data: string | ArrayBuffer }) => void = () => {};
  onclose: (
    event: { readonly code: number; readonly reason: string; readonly wasClean: boolean },
  ) => void = () => {};
  #connection: Connection | undefined;

  constructor(url: string, subprotocols: readonly string[], deflate: DeflateChoice) {
    void this.#open(url, subprotocols, deflate);
  }

  send(data: string | Uint8Array): void {
    this.#connection?.send(data);
  }

  close(code?: number, reason?: string): void {
    this.#connection?.close(code, reason);
  }

  async #open(url: string, subprotocols: readonly string[], deflate: DeflateChoice): Promise<void> {
    try {
      this.#connection = await connect(url, {
        deflate,
        subprotocols,
        limits: {
          maxMessageBytes: MAX_MESSAGE_BYTES,
          maxQueuedBytes: 4 * MAX_MESSAGE_BYTES,
        },
        text: (data) => this.onmessage({ data }),
        message: (data) => this.onmessage({ data: new Uint8Array(data).buffer }),
        closed: ({ code, reason, by }) => this.onclose({ code, reason, wasClean: by !== "transport" }),
      });
      this.extensions = this.#connection.deflate === undefined ? "" : "permessage-deflate";
      this.protocol = this.#connection.subprotocol ?? "";
      this.onopen();
    } catch (error) {
      console.error(error);
      this.onerror();
    }
  }
}

const [url, deflate = "false", peer] = process.argv.slice(2);
if (url !== undefined) {
  const name = "./conversations.js"; // In a variable: JavaScript for all peers, without types.
  const { converse, OF_WS_SERVER } = await import(name) as Conversations;
  const choice = JSON.parse(deflate) as DeflateChoice;
  const open = (target: string, subprotocols: readonly string[]) =>
    new BrowserLike(target, subprotocols, choice);
  console.log(JSON.stringify(await converse(url, open, peer === "ws" ? OF_WS_SERVER : {})));
  process.exit(0);
}
