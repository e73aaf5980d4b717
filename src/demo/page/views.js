/**
 * The views of a panel, a tab each: the log, the handshake, the frames and, for an admin, the registry.
 */

import { Answers } from "./answers.js";
import { Door } from "./door.js";
import { Frames } from "./frames.js";
import { Log } from "./log.js";
import { Operator } from "./operator.js";
import { roleText } from "./steps.js";
import { Tabs } from "./tabs.js";

/** What becomes of a message for somebody who may read it, and is not there to. */
const SLOW = {
  kept: "You read too slowly: it is kept until you read again.",
  dropped: "You read too slowly: it is left out.",
  closed: "The connection is closing.",
};

export class Views {
  /** What the panel itself writes down. */
  log;
  /** What came of that which was sent. */
  answers;
  #door;
  #frames;
  #operator;
  #tabs;

  /** `root` is the panel and `parts` its parts, `role` whose it is; `request(type, data)` sends a message of the table. */
  constructor(root, parts, role, request) {
    const { tabs, log, door, frames, operator, clear } = parts;
    this.log = new Log(log);
    this.answers = new Answers(this.log);
    this.#door = new Door(door);
    this.#frames = new Frames(frames);
    this.#operator = new Operator(operator, request, (text) => this.log.add("note", text));
    // The registry is what it is: there is nothing in it to clear.
    const chosen = (name) => clear.hidden = name === "operator";
    this.#tabs = new Tabs(root, tabs, `panel-${role}`, chosen);
    for (const [part, what] of [[tabs, "Views"], [log, "Log"], [door, "Handshake"], [frames, "Frames"]]) {
      part.setAttribute("aria-label", `${what} of the ${role}’s panel`);
    }
    clear.addEventListener("click", () => {
      for (const view of [this.log, this.#door, this.#frames]) view.clear();
    });
  }

  /** Takes something that the gate did with the panel's connection. */
  take(event) {
    this.#door.take(event);
    this.#frames.take(event);
    if (event.kind === "message") this.answers.decided(event);
    if (event.kind !== "delivery" || event.outcome === "sent") return;
    const slow = SLOW[event.outcome];
    const why = event.outcome === "forbidden" ? roleText(event.roles, event.allowed) : event.outcome;
    this.log.add("decision", `${event.type} was not sent to you`, { notes: [slow ?? `${why} → withheld`] });
  }

  /** Takes the list of everybody who is here. */
  list(data) {
    this.#operator.take(data);
  }

  /** Shows what an operator can do, or forgets it. */
  offerOperator(isOffered) {
    this.#tabs.offer("operator", isOffered);
    if (!isOffered) this.#operator.clear();
  }
}
