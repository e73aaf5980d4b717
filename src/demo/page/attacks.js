/**
 * The shelf of attacks: the server runs them against itself, as a page could not, and tells what refused each.
 */

import { handshakeParts } from "./door.js";
import { element } from "./elements.js";
import { lens } from "./lens.js";
import { roleText, stepList } from "./steps.js";

/** Puts each attack behind its button. */
export function prepareAttacks(root) {
  const report = root.querySelector("[data-part=report]");
  for (const button of root.querySelectorAll("[data-attack]")) {
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      button.setAttribute("aria-disabled", "true");
      report.replaceChildren(...await parts(button.dataset.attack));
      button.removeAttribute("aria-disabled");
      for (const other of root.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
      button.setAttribute("aria-current", "true");
    });
  }
}

async function parts(name) {
  try {
    const response = await fetch("/attack", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ name }),
    });
    const told = await response.json();
    return response.ok ? reportParts(told) : [element("p", "", told.error)];
  } catch {
    return [element("p", "", "The server cannot be reached.")];
  }
}

function reportParts({ title, hope, refusedBy, clause, says, events, source }) {
  const verdict = element("p", "verdict");
  verdict.append(
    element("b", "", refusedBy === undefined ? "It got through." : `Refused: ${refusedBy}.`),
    " ",
    element("b", "", `${clause}:`),
    ` ${says}`,
  );
  return [
    element("h4", "", title),
    element("p", "hope", `What an attacker hopes for: ${hope}`),
    verdict,
    ...preludeParts(events),
    ...events.slice(preludeOf(events)).flatMap(eventParts),
    element("h5", "", `The place in the sources: ${source.file}, line ${source.line}`),
    excerpt(source),
  ];
}

/** How many events there are before somebody who has been let in sends the frame that it is about. */
function preludeOf(events) {
  return Math.max(0, events.findIndex(({ kind, direction }) => kind === "frame" && direction === "in"));
}

function preludeParts(events) {
  const prelude = events.slice(0, preludeOf(events));
  if (prelude.length === 0) return [];
  const details = element("details", "prelude");
  details.append(
    element("summary", "", "The handshake before it, which was as it should be"),
    ...prelude.flatMap(eventParts),
  );
  return [details];
}

function eventParts(event) {
  const handshake = handshakeParts(event);
  if (handshake !== undefined) return handshake;
  if (event.kind === "frame") {
    const who = event.direction === "in" ? "The frame that was sent" : "A frame that the gate sent";
    return [element("h5", "", `${who}: ${event.opcode}`), lens(event)];
  }
  if (event.kind === "message") {
    const { type, outcome, steps, roles, allowed } = event;
    const why = outcome === "forbidden" ? ` (${roleText(roles, allowed)})` : "";
    return [element("h5", "", `The message ${type}: ${outcome}${why}`), stepList(steps)];
  }
  if (event.kind !== "end") return [];
  const { code, reason } = event;
  return [
    element("h5", "", "The end"),
    element("p", "", `The connection was closed with ${code} “${reason}”.`),
  ];
}

/** The line that refuses is marked with a sign, and not by its colour alone. */
function excerpt({ firstLine, line, lines }) {
  const code = element("code", "source");
  lines.forEach((text, index) => {
    const number = firstLine + index;
    const shown = `${number === line ? "▶" : " "} ${String(number).padStart(4)}  ${text}`;
    code.append(number === line ? element("mark", "", shown) : shown, "\n");
  });
  return code;
}
