/**
 * What the gate does with the connections of this page, told by the server as events: one stream for all panels, as a browser keeps only
 * six connections to one host.
 */

export class Watch {
  #listeners = new Map();
  #source;

  /** Draws a name for a panel. `listener` gets each event of the connections that have it in their URL. */
  add(listener) {
    const name = drawName();
    this.#listeners.set(name, listener);
    return name;
  }

  /** Begins. Resolves when nothing of what comes next is missed, or when it is plain that nothing will come. */
  begin() {
    const query = [...this.#listeners.keys()].map((name) => `watch=${name}`).join("&");
    this.#source = new EventSource(`/watch?${query}`);
    this.#source.addEventListener("message", ({ data }) => {
      const { watch, ...event } = JSON.parse(data);
      this.#listeners.get(watch)?.(event);
    });
    return new Promise((resolve) => {
      this.#source.addEventListener("open", resolve, { once: true });
      this.#source.addEventListener("error", resolve, { once: true });
    });
  }
}

/** `crypto.randomUUID` is there only where the page is secure, which a demo on another machine is not. */
function drawName() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
