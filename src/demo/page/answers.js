/**
 * The answers to what was sent: one entry each, with what came over the wire and the steps that the server tells of it. The two come on
 * different ways, and either may be first.
 */

import { stepLine } from "./steps.js";

/** So long one of the two waits for the other, which may have been left out. */
const WAIT_MS = 1_000;

export class Answers {
  #log;
  /** Entries without their steps, and decisions without their entries. */
  #entries = new Set();
  #decisions = new Set();

  constructor(log) {
    this.#log = log;
  }

  /** Takes an answer from the wire: `type` is that of the message, as far as it is known, `outcome` "ok" or the code of a denial. */
  answered(type, outcome, kind, title, { notes, json }) {
    const key = keyOf(type, outcome);
    const decision = takeFrom(this.#decisions, key);
    const steps = decision === undefined ? [] : [decision.steps];
    const entry = this.#log.add(kind, title, { notes: [...notes, ...steps], json });
    if (decision === undefined) wait(this.#entries, { key, entry }, () => {});
  }

  /** Takes a decision. Those of one type with one outcome have the same steps: whichever finds an entry belongs to it. */
  decided(event) {
    const [key, steps] = [keyOf(event.type, event.outcome), stepLine(event)];
    const found = takeFrom(this.#entries, key);
    if (found !== undefined) return this.#log.addNote(found.entry, steps);
    // A message without an id that is good gets no answer: what is told of it stands alone.
    const title = `${event.type ?? "a message"}: ${event.outcome}`;
    wait(this.#decisions, { key, steps }, () => this.#log.add("decision", title, { notes: [steps] }));
  }
}

function keyOf(type, outcome) {
  return `${outcome} ${type ?? ""}`;
}

function wait(waiting, item, otherwise) {
  waiting.add(item);
  setTimeout(() => waiting.delete(item) && otherwise(), WAIT_MS);
}

function takeFrom(waiting, key) {
  const found = [...waiting].find((item) => item.key === key);
  waiting.delete(found);
  return found;
}
