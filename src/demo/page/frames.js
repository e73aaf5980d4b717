/**
 * The frames of a panel, newest last: a line for each, which opens to show its bits. The bits are laid out when they are asked for, as
 * most never are.
 */

import { appendFollowing, element, showEmpty } from "./elements.js";
import { lens } from "./lens.js";

const MAX_FRAMES = 100;

/** Who ended a connection, as the gate tells it, who is `local`. */
const WHO = { local: "the gate", peer: "the client", transport: "the end of TCP" };

export class Frames {
  #box;

  constructor(box) {
    this.#box = box;
    this.clear();
  }

  clear() {
    showEmpty(this.#box, "No frame has come or gone yet.");
  }

  /** Takes an event: a frame, the end of the connection, how many frames were left out, or that nothing more is told. */
  take(event) {
    const line = lineOf(event);
    if (line !== undefined) appendFollowing(this.#box, [line], MAX_FRAMES);
  }
}

/** Makes what is shown of an event; undefined for what is none of the wire's. */
function lineOf(event) {
  if (event.kind === "frame") return frameLine(event);
  if (event.kind === "skipped") {
    return element("p", "note", `${event.count} events came too fast to be shown, and were left out.`);
  }
  if (event.kind === "lost") {
    return element(
      "p",
      "note",
      "The server has broken off what it tells: of this connection, nothing more is shown.",
    );
  }
  if (event.kind !== "end") return undefined;
  const { code, reason, by, rule } = event;
  const why = rule === undefined ? "" : `, because of the rule ${rule}`;
  return element(
    "p",
    "note",
    `The connection has ended: ${code}${reason === "" ? "" : ` “${reason}”`}, by ${WHO[by]}${why}.`,
  );
}

function frameLine(frame) {
  const { direction, opcode, payload: { bytes }, rule } = frame;
  const details = element("details", `frame ${direction}${rule === undefined ? "" : " broken"}`);
  const summary = element("summary");
  summary.append(
    element("b", "direction", direction === "in" ? "→ to the gate" : "← from the gate"),
    " ",
    element("span", "", `${opcode}, ${bytes} ${bytes === 1 ? "byte" : "bytes"}`),
  );
  if (rule !== undefined) summary.append(" ", element("b", "broken", `breaks ${rule.name}`));
  details.append(summary);
  details.addEventListener("toggle", () => details.append(lens(frame)), { once: true });
  return details;
}
