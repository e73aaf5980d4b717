/**
 * The shelf of attacks: the server runs them against itself, as a page could not, and tells what refused each.
 */

import { handshakeParts } from "./door.js";
import { element, partsOf } from "./elements.js";
import { lens } from "./lens.js";
import { roleText, stepList } from "./steps.js";

/** On a screen as narrow as this, the report is far below the button. */
const NARROW = "(max-width: 40rem)";

/** Says in a few words how it ended, and what is known of it. */
const VERDICTS = {
  refused: ({ refusedBy, clause, says }) => [`Refused: ${refusedBy}.`, `${clause}: ${says}`],
  refused_otherwise: ({ refusedBy, expected, clause, says }) => [
    `Refused: ${refusedBy}.`,
    `That is not the rule that was tried, which is ${expected}.${
      clause === undefined ? "" : ` ${clause}: ${says}`
    }`,
  ],
  not_refused: ({ expected }) => [
    "Nothing refused it.",
    `The rule that was to, ${expected}, had not done so when the connection ended or the time was up.`,
  ],
  unobserved: () => ["Nothing was observed.", "So nothing can be said; try it again."],
};

/** Puts each attack behind its button. */
export function prepareAttacks(root) {
  const parts = partsOf(root);
  for (const button of root.querySelectorAll("[data-attack]")) {
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      button.setAttribute("aria-disabled", "true");
      show(parts, button.textContent, await run(button.dataset.attack));
      button.removeAttribute("aria-disabled");
      for (const other of root.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
      button.setAttribute("aria-current", "true");
      if (matchMedia(NARROW).matches) moveTo(parts);
    });
  }
}

/** Has an attack run. Resolves to its report, or to what is wrong: `{ error }`. */
async function run(name) {
  try {
    const response = await fetch("/attack", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ name }),
    });
    return await response.json();
  } catch {
    return { error: "The server cannot be reached." };
  }
}

/** The verdict alone is a status, which is read out: the rest is for whoever wants to read on. */
function show({ title, hope, verdict, details }, name, report) {
  title.textContent = report.title ?? name;
  hope.textContent = report.hope === undefined ? "" : `What an attacker hopes for: ${report.hope}`;
  const [short, long] = report.error === undefined ? VERDICTS[report.outcome](report) : [report.error, ""];
  verdict.replaceChildren(element("b", "", short), ` ${long}`);
  details.replaceChildren(...report.error === undefined ? detailParts(report) : []);
}

function detailParts({ events, source }) {
  const place = source === undefined ? [] : [
    element("h4", "part", `The place in the sources: ${source.file}, line ${source.line}`),
    excerpt(source),
  ];
  return [...preludeParts(events), ...events.slice(preludeOf(events)).flatMap(eventParts), ...place];
}

function moveTo({ report, title }) {
  report.scrollIntoView();
  title.focus({ preventScroll: true });
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
  const handshake = handshakeParts(event, "h4");
  if (handshake !== undefined) return handshake;
  if (event.kind === "frame") {
    const who = event.direction === "in" ? "The frame that was sent" : "A frame that the gate sent";
    return [element("h4", "part", `${who}: ${event.opcode}`), lens(event)];
  }
  if (event.kind === "message") {
    const { type, outcome, steps, roles, allowed } = event;
    const why = outcome === "forbidden" ? ` (${roleText(roles, allowed)})` : "";
    return [element("h4", "part", `The message ${type}: ${outcome}${why}`), stepList(steps)];
  }
  if (event.kind !== "end") return [];
  const { code, reason } = event;
  return [
    element("h4", "part", "The end"),
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
