/**
 * The handshakes of a panel, each by the number of its connection: that of the session, which stays for as long as no other takes its
 * place, and above it the last attempt that led to none. Each shows what was sent, with its secrets hidden by the server; the decision
 * step by step; what was answered.
 */

import { element, showEmpty } from "./elements.js";
import { stepList } from "./steps.js";

/** What an attempt is called, by what is known of it. */
const TITLES = {
  begun: "A handshake begins",
  open: "The handshake of the session",
  upgrade: "The last knock: it led to no session",
  check: "The last question: would this token be let in?",
  ticket: "The last ticket",
};

export class Door {
  #box;
  #session;
  #other;

  constructor(box) {
    this.#box = box;
    this.clear();
  }

  clear() {
    this.#session = undefined;
    this.#other = undefined;
    showEmpty(this.#box, "Nobody has knocked yet.");
  }

  /** Takes an event, which is shown with those of its connection. */
  take(event) {
    const parts = handshakeParts(event, "h5");
    if (parts === undefined) return;
    if (event.kind === "request") this.#begin(event.connection);
    const attempt = [this.#other, this.#session].find((known) => known?.connection === event.connection);
    if (attempt === undefined) return;
    attempt.view.append(...parts);
    if (event.kind === "decision" && (event.outcome === "refused" || event.purpose !== "upgrade")) {
      attempt.title.textContent = TITLES[event.purpose];
    }
    if (event.kind === "answer" && event.answer.startsWith("HTTP/1.1 101 ")) this.#opened(attempt);
  }

  #begin(connection) {
    this.#other?.view.remove();
    this.#box.querySelector(".empty")?.remove();
    const view = element("section");
    const title = element("h4", "", TITLES.begun);
    view.append(title);
    this.#box.prepend(view);
    this.#other = { connection, view, title };
  }

  #opened(attempt) {
    this.#session?.view.remove();
    attempt.title.textContent = TITLES.open;
    this.#session = attempt;
    this.#other = undefined;
  }
}

/** Makes what is shown of an event of a handshake, each part under a heading of this name; undefined for any other event. */
export function handshakeParts(event, heading) {
  if (event.kind === "request") {
    const { line, fields } = event.request;
    const text = [line, ...fields.map(({ name, value }) => `${name}: ${value}`)];
    return [element(heading, "part", "The request"), httpLines(text)];
  }
  if (event.kind === "decision") {
    const { purpose, outcome, carrier, subject, steps } = event;
    const by = carrier === undefined ? "" : `, by the carrier ${carrier}`;
    const who = subject === undefined ? "" : `, as ${subject}`;
    const title = `The decision: ${outcome}${who}${by}${purpose === "upgrade" ? "" : ` (a ${purpose})`}`;
    return [element(heading, "part", title), stepList(steps)];
  }
  if (event.kind === "answer") {
    return [
      element(heading, "part", "The answer"),
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
