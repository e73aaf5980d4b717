/**
 * The handshake of a panel: what was sent, with its secrets hidden by the server; the decision step by step; what was answered.
 */

import { element, showEmpty } from "./elements.js";
import { stepList } from "./steps.js";

export class Door {
  #box;

  constructor(box) {
    this.#box = box;
    this.clear();
  }

  clear() {
    showEmpty(this.#box, "Nobody has knocked yet.");
  }

  /** Takes an event: a request begins a new view. */
  take(event) {
    if (event.kind === "request") this.#box.replaceChildren();
    const parts = handshakeParts(event);
    if (parts !== undefined) this.#box.append(...parts);
  }
}

/** Makes what is shown of an event of a handshake; undefined for any other. */
export function handshakeParts(event) {
  if (event.kind === "request") {
    const { line, fields } = event.request;
    const text = [line, ...fields.map(({ name, value }) => `${name}: ${value}`)];
    return [element("h5", "", "The request"), httpLines(text)];
  }
  if (event.kind === "decision") {
    const { purpose, outcome, carrier, subject, steps } = event;
    const by = carrier === undefined ? "" : `, by the carrier ${carrier}`;
    const who = subject === undefined ? "" : `, as ${subject}`;
    const title = `The decision: ${outcome}${who}${by}${purpose === "upgrade" ? "" : ` (a ${purpose})`}`;
    return [element("h5", "", title), stepList(steps)];
  }
  if (event.kind === "answer") {
    return [
      element("h5", "", "The answer"),
      httpLines(event.answer.split("\r\n").filter((line) => line !== "")),
    ];
  }
  return undefined;
}

function httpLines(lines) {
  const code = element("code", "http");
  lines.forEach((line, index) => code.append(index === 0 ? element("b", "", line) : line, "\n"));
  return code;
}
