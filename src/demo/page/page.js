/**
 * The page: three panels, the tour and the shelf of attacks. The permission table is read from the page itself, where people read it too.
 */

import { prepareAttacks } from "./attacks.js";
import { Panel } from "./panel.js";
import { prepareTour } from "./tour.js";
import { Watch } from "./watch.js";

const PEOPLE = [
  { name: "gus", role: "guest" },
  { name: "mia", role: "member" },
  { name: "ada", role: "admin" },
];

const allowed = readTable(document.querySelector("#table"));
const watch = new Watch(document.querySelector("#watching"));
const panels = Object.fromEntries(PEOPLE.map((person) => [person.role, addPanel(person)]));
prepareTour(document.querySelector("#tour"), panels);
prepareAttacks(document.querySelector("#attacks"));
watch.begin();

function addPanel(person) {
  const copy = document.querySelector("#panel").content.cloneNode(true);
  const root = copy.firstElementChild;
  document.querySelector("#panel-list").append(copy);
  return new Panel(root, person, allowed, watch);
}

/** Maps each type that clients may send to the roles that may send it. */
function readTable(table) {
  const [, ...roles] = Array.from(table.tHead.rows[0].cells, (cell) => cell.textContent);
  const rows = [...table.querySelectorAll('[data-direction="receive"] [data-type]')];
  return new Map(rows.map((row) => {
    const cells = [...row.cells].slice(1);
    return [row.dataset.type, roles.filter((_role, index) => cells[index].className === "yes")];
  }));
}
