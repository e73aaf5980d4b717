/**
 * What an admin sees of everybody, and can do: the registry, live, and the order to revoke, demote, rotate the key and drain.
 */

import { element, partsOf } from "./elements.js";
import { countSessions } from "./messages.js";

/** What a row is sorted under; whoever is in two rooms is in both groups. */
const GROUPS = {
  role: ({ roles }) => roles.length === 0 ? ["no role"] : roles,
  subject: ({ subject }) => [subject],
  room: ({ rooms }) => rooms.length === 0 ? ["no room"] : rooms,
};

/** What came of each order, in a sentence. */
const OUTCOMES = {
  "user.kick": ({ closed }, { subject }) =>
    `${subject}: ${countSessions(closed)} ${
      closed === 1 ? "is" : "are"
    } closed, and the token is refused from now on.`,
  "user.role": ({ changed }, { subject, role }) =>
    `${subject}: ${countSessions(changed)} ${changed === 1 ? "has" : "have"} the role ${role} now.`,
  "key.rotate": ({ keyId, signedOut }) =>
    `New tokens are signed with ${keyId}.${
      signedOut === 0 ? "" : ` ${countSessions(signedOut)} with tokens from before the last rotation ended.`
    }`,
  "server.drain": ({ told }) =>
    `${countSessions(told)} ${
      told === 1 ? "is" : "are"
    } told to come back later. Whoever was revoked or given another role is so ` +
    "again then, until he logs in anew.",
};

const COLUMNS = ["Subject", "Roles", "Rooms", "Lease", "Queue", "Orders"];

export class Operator {
  #parts;
  #request;
  #note;
  #users = [];
  #more = 0;
  #shown = "";

  /** `root` is the operator's part of a panel; `request(type, data)` sends a message of the table, `note(text)` writes into the log. */
  constructor(root, request, note) {
    this.#parts = partsOf(root);
    this.#request = request;
    this.#note = note;
    const { by, rotate, drain } = this.#parts;
    by.addEventListener("change", () => this.#show());
    rotate.addEventListener("click", () => this.#order("key.rotate", {}));
    drain.addEventListener("click", () => this.#order("server.drain", {}));
    setInterval(() => this.#tick(), 1_000);
  }

  /** Takes the list of sessions, and how many there are besides. */
  take({ users, more }) {
    this.#users = users;
    this.#more = more;
    this.#show();
  }

  /** Forgets everybody. */
  clear() {
    this.take({ users: [], more: 0 });
    this.#parts.said.textContent = "";
  }

  async #order(type, data) {
    const reply = await this.#request(type, data);
    // An order may end the session of whoever gives it, and with that this view. It is carried out all the same.
    if (reply === undefined) return this.#note(`There was no answer to ${type}: the session has ended.`);
    this.#parts.said.textContent = reply.type === "error"
      ? `Denied, ${reply.code}: ${reply.message}`
      : OUTCOMES[type](reply.data, data);
  }

  /** Redrawn only when somebody comes, goes or changes, so that nobody's focus is taken from a button. */
  #show() {
    const { list, by } = this.#parts;
    const key = JSON.stringify([
      by.value,
      this.#more,
      this.#users.map(({ queuedBytes: _queue, ...user }) => user),
    ]);
    if (key === this.#shown) return this.#tick();
    this.#shown = key;
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.order : undefined;
    const table = element("table", "registry");
    table.append(element("caption", "hidden", `All sessions by ${by.value}`), headRow());
    for (const [name, users] of grouped(this.#users, GROUPS[by.value])) {
      table.append(this.#group(name, users));
    }
    const more = this.#more === 0 ? [] : [element("p", "empty", `And ${countSessions(this.#more)} more.`)];
    const isEmpty = this.#users.length === 0;
    list.replaceChildren(...isEmpty ? [element("p", "empty", "Nobody is listed yet.")] : [table, ...more]);
    // Whoever has been revoked has no row any more.
    if (focused !== undefined) (list.querySelector(`[data-order="${CSS.escape(focused)}"]`) ?? list).focus();
    this.#tick();
  }

  #group(name, users) {
    const body = element("tbody");
    const title = element("th", "", `${name} (${users.length})`);
    title.scope = "rowgroup";
    title.colSpan = COLUMNS.length;
    const head = element("tr", "group");
    head.append(title);
    body.append(head, ...users.map((user) => this.#row(user)));
    return body;
  }

  #row(user) {
    const { subject, roles, sessionId } = user;
    const row = element("tr");
    row.dataset.session = sessionId;
    const title = element("th", "", subject);
    title.scope = "row";
    const orders = element("td", "orders");
    const isGuest = roles.length === 1 && roles[0] === "guest";
    orders.append(
      isGuest
        ? this.#button(user, "Make member", "user.role", { role: "member" })
        : this.#button(user, "Demote", "user.role", { role: "guest" }),
      this.#button(user, "Revoke", "user.kick", {}),
    );
    row.append(
      title,
      labelled("Roles", roles.join(", ") || "none"),
      labelled("Rooms", roomText(user)),
      labelled("Lease", ""),
      labelled("Queue", ""),
      orders,
    );
    return row;
  }

  #button({ subject, sessionId }, text, type, data) {
    const button = element("button", "quiet", text);
    button.type = "button";
    button.dataset.order = `${type} ${sessionId}`;
    button.setAttribute("aria-label", `${text}: ${subject}`);
    button.addEventListener("click", () => this.#order(type, { subject, ...data }));
    return button;
  }

  #tick() {
    for (const { sessionId, expiresAtMs, queuedBytes } of this.#users) {
      for (const row of this.#parts.list.querySelectorAll(`[data-session="${CSS.escape(sessionId)}"]`)) {
        row.cells[3].textContent = `${Math.max(0, Math.ceil((expiresAtMs - Date.now()) / 1_000))} s`;
        row.cells[4].textContent = `${queuedBytes} B`;
      }
    }
  }
}

function headRow() {
  const head = element("thead");
  const row = element("tr");
  for (const name of COLUMNS) {
    const cell = element("th", "", name);
    cell.scope = "col";
    row.append(cell);
  }
  head.append(row);
  return head;
}

function roomText({ rooms, moreRooms }) {
  const names = rooms.join(", ") || "none";
  return moreRooms === 0 ? names : `${names} and ${moreRooms} more`;
}

function labelled(label, text) {
  const cell = element("td", "", text);
  cell.dataset.label = label;
  return cell;
}

function grouped(users, namesOf) {
  const groups = new Map();
  for (const user of users) {
    for (const name of namesOf(user)) groups.set(name, [...groups.get(name) ?? [], user]);
  }
  return [...groups].sort(([one], [other]) => one.localeCompare(other));
}
