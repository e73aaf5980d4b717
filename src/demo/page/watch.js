/**
 * What the gate does with the connections of this page, told by the server as events: one stream for all panels, as a browser keeps only
 * six connections to one host.
 */

/** Whoever connects waits so long for a stream that is not there: to connect unseen is better than not at all. */
const MAX_WAIT_MS = 3_000;

/** A browser comes back by itself to a stream that broke off, and not to one that was refused. */
const ASK_AGAIN_MS = 5_000;

const NOTES = {
  lost:
    "The server has broken off what it tells this page. What it does with the connections that there are is not shown any more; " +
    "with the next ones, it is again.",
  refused:
    "The server does not tell this page what it does, as when too many pages watch it: Handshake and Frames stay empty. " +
    "The page goes on asking.",
};

export class Watch {
  #listeners = new Map();
  #note;
  #source;
  #isOpen = false;
  #waiting = [];

  /** `note` is the element that says when the server tells nothing. */
  constructor(note) {
    this.#note = note;
  }

  /** Draws a name for a panel. `listener` gets each event of the connections that have it in their URL, and `{ kind: "lost" }`. */
  add(listener) {
    const name = drawName();
    this.#listeners.set(name, listener);
    return name;
  }

  /** Begins, and goes on for as long as the page is there. */
  begin() {
    const query = [...this.#listeners.keys()].map((name) => `watch=${name}`).join("&");
    this.#source = new EventSource(`/watch?${query}`);
    this.#source.addEventListener("message", ({ data }) => {
      const { watch, ...event } = JSON.parse(data);
      this.#listeners.get(watch)?.(event);
    });
    this.#source.addEventListener("open", () => this.#opened());
    this.#source.addEventListener("error", () => this.#failed());
  }

  /** Resolves when nothing of what comes next is missed, or when that would take too long. */
  ready() {
    if (this.#isOpen || this.#source.readyState === EventSource.CLOSED) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      setTimeout(resolve, MAX_WAIT_MS);
    });
  }

  #opened() {
    this.#isOpen = true;
    this.#say("");
    this.#letGo();
  }

  #failed() {
    const isRefused = this.#source.readyState === EventSource.CLOSED;
    if (this.#isOpen) { for (const listener of this.#listeners.values()) listener({ kind: "lost" }); }
    this.#isOpen = false;
    this.#say(isRefused ? NOTES.refused : NOTES.lost);
    if (!isRefused) return;
    this.#letGo();
    setTimeout(() => this.begin(), ASK_AGAIN_MS);
  }

  #letGo() {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #say(text) {
    this.#note.hidden = text === "";
    if (this.#note.textContent !== text) this.#note.textContent = text;
  }
}

/** `crypto.randomUUID` is there only where the page is secure, which a demo on another machine is not. */
function drawName() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
