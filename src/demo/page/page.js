/**
 * The page: three panels and the tour. The permission table is read from the page itself, where people read it too.
 */

import { Panel } from "./panel.js";
import { prepareTour } from "./tour.js";

const PEOPLE = [
  { name: "gus", role: "guest" },
  { name: "mia", role: "member" },
  { name: "ada", role: "admin" },
];

const allowed = readTable(document.querySelector("#table"));
const panels = Object.fromEntries(PEOPLE.map((person) => [person.role, addPanel(person)]));
prepareTour(document.querySelector("#tour"), panels);

function addPanel(person) {
  const copy = document.querySelector("#panel").content.cloneNode(true);
  const root = copy.firstElementChild;
  document.querySelector("#panel-list").append(copy);
  return new Panel(root, person, allowed);
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
