/**
 * What every peer is tried with, written against the WebSocket API that browsers, Node, Deno and `ws` share, so that the same
 * lines run in each of them. Plain JavaScript, as a page loads it.
 *
 * @module
 */

/** How long one conversation may take. */
const DEADLINE_MS = 10_000;

const encoder = new TextEncoder();

/** Text that differs from one size and place to the next. */
const textOf = (length) => "The quick brown fox. ".repeat(Math.ceil(length / 21)).slice(0, length);
const bytesOf = (length) => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff);

const SIZES = [0, 1, 125, 126, 127, 65_535, 65_536, 1_048_576];

/** Each gets a fresh connection to an echo server. */
const CONVERSATIONS = {
  "text of each size": async (socket) => {
    for (const size of SIZES) await echo(socket, textOf(size));
  },
  "bytes of each size": async (socket) => {
    for (const size of SIZES) await echo(socket, bytesOf(size));
  },
  "unicode": async (socket) => {
    for (
      const text of [
        "é€😀",
        "e\u0301",
        "\0",
        "😀".repeat(20_000),
      ]
    ) await echo(socket, text);
  },
  "a byte order mark": async (socket) => {
    await echo(socket, "\ufeffbehind it");
  },
  "1,000 messages in a row": async (socket) => {
    const messages = Array.from(
      { length: 1_000 },
      (_, i) => JSON.stringify({ type: "note", id: i, text: textOf(i % 150) }),
    );
    for (const message of messages) socket.send(message);
    for (const message of messages) equal(await socket.next(), message);
  },
  "a subprotocol": async (socket) => {
    equal(socket.protocol, "chat");
    await echo(socket, "in chat");
  },
  "close by the server": async (socket) => {
    socket.send("close, please");
    const { code, reason, wasClean } = await socket.closed;
    equal(`${code} ${reason}`, "4123 as you asked");
    equal(wasClean, true);
  },
  "close with code and reason": async (socket) => {
    socket.close(4_321, "enough, ünough");
    const { code, wasClean } = await socket.closed;
    equal(code, 4_321);
    equal(wasClean, true);
  },
  "close without a code": async (socket) => {
    socket.close();
    const { code } = await socket.closed;
    if (code !== 1_005 && code !== 1_000) {
      throw new Error(`closed with ${code}`);
    }
  },
};

/** What a server of `ws` also does when it is asked to, and a browser has no word for. */
export const OF_WS_SERVER = {
  "fragments from the server": async (socket) => {
    socket.send("fragments, please");
    equal(await socket.next(), textOf(300).repeat(3));
  },
  "a ping from the server": async (socket) => {
    socket.send("ping, please");
    equal(await socket.next(), "the pong came");
  },
};

/** What a client of `ws` can send, and a browser cannot. `raw` is its WebSocket. */
export const OF_WS_CLIENT = {
  "fragments from the client": async ({ raw, next }) => {
    for (let i = 0; i < 100; i++) raw.send(textOf(i), { fin: false });
    raw.send("end");
    equal(await next(), Array.from({ length: 100 }, (_, i) => textOf(i)).join("") + "end");
  },
  "a ping from the client, between fragments": async ({ raw, next }) => {
    raw.send("one, ", { fin: false });
    const ponged = new Promise((resolve) => raw.once("pong", (data) => resolve(data.toString())));
    raw.ping("are you there?");
    equal(await ponged, "are you there?");
    raw.send("two");
    equal(await next(), "one, two");
  },
};

/**
 * Has all conversations with an echo server.
 *
 * @param {string} url Of the server.
 * @param {(url: string, subprotocols: string[]) => WebSocket} open Opens a WebSocket of this peer's make.
 * @param {object} more Further conversations.
 * @returns {Promise<Record<string, string>>} For each conversation `ok`, or what went wrong; `extensions` says what was agreed on.
 */
export async function converse(url, open, more = {}) {
  const results = {};
  for (const [name, conversation] of Object.entries({ ...more, ...CONVERSATIONS })) {
    let socket;
    try {
      socket = await withDeadline(connected(open(url, ["chat"])));
      results.extensions = socket.extensions;
      await withDeadline(conversation(socket));
      results[name] = "ok";
    } catch (error) {
      results[name] = String(error.message ?? error);
    }
    socket?.close();
  }
  return results;
}

/** Waits until a WebSocket is open, and puts what comes into a queue. */
function connected(webSocket) {
  webSocket.binaryType = "arraybuffer";
  const messages = [];
  const waiting = [];
  webSocket.onmessage = ({ data }) => {
    const message = typeof data === "string" ? data : new Uint8Array(data);
    const wake = waiting.shift();
    if (wake === undefined) messages.push(message);
    else wake(message);
  };
  return new Promise((resolve, reject) => {
    const closed = new Promise((tell) => {
      webSocket.onclose = (event) => {
        tell(event);
        reject(new Error(`closed with ${event.code} before it was open`));
      };
    });
    webSocket.onerror = () => reject(new Error("failed to open"));
    webSocket.onopen = () =>
      resolve({
        raw: webSocket,
        protocol: webSocket.protocol,
        send: (data) => webSocket.send(data),
        next: () =>
          messages.length > 0 ? Promise.resolve(messages.shift()) : new Promise((wake) => waiting.push(wake)),
        close: (...args) => webSocket.close(...args),
        closed,
        extensions: webSocket.extensions,
      });
  });
}

async function echo(socket, message) {
  socket.send(message);
  equal(await socket.next(), message);
}

function equal(actual, wanted) {
  const [a, b] = [actual, wanted].map((value) => typeof value === "string" ? encoder.encode(value) : value);
  const same = a instanceof Uint8Array && b instanceof Uint8Array
    ? typeof actual === typeof wanted && a.length === b.length &&
      a.every((byte, i) => byte === b[i])
    : a === b;
  if (!same) {
    throw new Error(`got ${describe(actual)} instead of ${describe(wanted)}`);
  }
}

function describe(value) {
  return typeof value === "object" || typeof value === "string"
    ? `${typeof value} of ${value.length}`
    : String(value);
}

function withDeadline(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`nothing within ${DEADLINE_MS} ms`)),
      DEADLINE_MS,
    );
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
