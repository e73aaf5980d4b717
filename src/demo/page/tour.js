/**
 * The tour: six steps through the gate, each a sentence first, then what really came of it.
 */

import { element, partsOf } from "./elements.js";
import { countSessions } from "./messages.js";

/** Long enough to read a sentence and to look at the panels. */
const PAUSE_MS = 4_000;

/** The steps. `run` takes the panels and resolves to the outcome, told from the server's own replies. */
const STEPS = [
  {
    title: "Three people log in",
    text: "Each gets a token, and the gate checks it before the connection exists.",
    run: async ({ guest, member, admin }) => {
      const got = await Promise.all([guest, member, admin].map((panel) => panel.connectAfresh()));
      return `${got.filter(Boolean).length} of 3 tokens are good, so there are that many sessions.`;
    },
  },
  {
    title: "A member says hello",
    text: "Members may send chat.say, and every role may read what comes of it.",
    run: async ({ member }) => {
      const reply = await member.request("chat.say", { room: "lobby", text: "Hello, everyone!" });
      return outcome(reply, `chat.said reached ${reached(reply)}.`);
    },
  },
  {
    title: "A guest says hello",
    text: "The row of chat.say does not name guests, and what is not named does not pass.",
    run: async ({ guest }) => outcome(await guest.request("chat.say", { room: "lobby", text: "Me too!" })),
  },
  {
    title: "An admin announces",
    text: "Only admins may send this, and only admins may be sent it.",
    run: async ({ admin }) => {
      const reply = await admin.request("admin.announce", { text: "Admins only: tea is ready." });
      return outcome(reply, `admin.announced reached ${reached(reply)}, and nobody but admins.`);
    },
  },
  {
    title: "A member makes up a type",
    text: "There is no row of the name __proto__, and so no role that may send it.",
    run: async ({ member }) => outcome(await member.request("__proto__", {})),
  },
  {
    title: "Somebody has no token",
    text: "There is nobody to open a session for, so the connection is not made at all.",
    run: async ({ guest }) => {
      const code = await guest.knock();
      return code === undefined ? "It got in." : `Refused before the upgrade; the browser only sees ${code}.`;
    },
  },
];

/** Puts the tour behind its button. `panels` has one for each of the three roles. */
export function prepareTour(root, panels) {
  const parts = partsOf(root);
  parts.run.addEventListener("click", async () => {
    // Not `disabled`, which would take the focus away from whoever pressed it.
    if (root.classList.contains("running")) return;
    root.classList.add("running");
    root.scrollIntoView();
    parts.run.setAttribute("aria-disabled", "true");
    parts.run.textContent = "The tour runs …";
    await play(parts, panels);
    parts.run.textContent = "Run it again";
    parts.run.removeAttribute("aria-disabled");
    root.classList.remove("running");
  });
}

async function play({ step, result }, panels) {
  for (const [index, { title, text, run }] of STEPS.entries()) {
    step.replaceChildren(element("b", "", `${index + 1} of ${STEPS.length}: ${title}.`), " ", text);
    result.textContent = "";
    result.textContent = await run(panels);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  step.replaceChildren(
    element("b", "", "That was the tour."),
    " ",
    "Each log still shows what its person saw.",
  );
  result.textContent = "Now try it by hand: other messages, other roles, the tabs of each panel, an attack.";
}

/** Tells what a reply says; a tour may also be broken off by whoever disconnects a panel meanwhile. */
function outcome(reply, whenOk = "Allowed.") {
  if (reply === undefined) return "There is no answer, because the panel is not connected.";
  return reply.type === "error" ? `Denied, ${reply.code}: ${reply.message}` : whenOk;
}

function reached(reply) {
  return countSessions(reply?.data?.delivered ?? 0);
}
