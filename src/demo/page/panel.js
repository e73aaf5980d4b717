/**
 * A panel: one person, with the way in, the state of the session, a form to send and a log.
 */

import { Compose } from "./compose.js";
import { partsOf } from "./elements.js";
import { Lease } from "./lease.js";
import {
  describeDelivery,
  describeRequest,
  describeSent,
  explainCause,
  explainDenial,
  KINDS,
  REFUSED_WITHOUT_TOKEN,
  ROLES,
} from "./messages.js";
import { Views } from "./views.js";
import { knock, Visitor } from "./visitor.js";

/** The room that guests are put into by the server; the others join it by themselves, so that all can talk at once. */
const LOBBY = "lobby";

/** The room in which admins are told who is here. */
const REGISTRY = "registry";

export class Panel {
  #parts;
  #views;
  #log;
  #allowed;
  #person;
  #visitor;
  #compose;
  #watched;
  #session;
  #lease;
  #isBusy = false;

  /**
   * `root` is a copy of the template, `person` a `{ name, role }`; `allowed` maps a type to the roles that may send it. `watch` has
   * `add(listener)`, which gives the name to watch, and `ready()`.
   */
  constructor(root, person, allowed, watch) {
    this.#parts = partsOf(root);
    this.#lease = new Lease(this.#parts.expiry, this.#parts.lease);
    this.#person = person;
    this.#allowed = allowed;
    this.#views = new Views(root, this.#parts, person.role, (type, data) => this.request(type, data));
    this.#log = this.#views.log;
    this.#watched = { name: watch.add((event) => this.#take(event)), ready: () => watch.ready() };
    this.#visitor = new Visitor({
      opened: (session) => this.#opened(session),
      waiting: (delayMs, why) => this.#waiting(delayMs, why),
      stopped: (why) => this.#stopped(why),
      sent: (text) => this.#log.add("sent", describeSent(text), { json: text }),
      received: (message, text, request) => this.#received(message, text, request),
    }, this.#watched);
    this.#compose = new Compose(this.#parts, allowed, {
      message: (type, data) => this.request(type, data),
      raw: (text) => this.#visitor.send(text) || this.#notConnected(),
    });
    this.#label(root);
    this.#listen();
    this.#reset();
  }

  /** Makes the panel what it was at first, and connects it. Resolves to whether there is a session. */
  async connectAfresh() {
    this.#visitor.disconnect();
    this.#reset();
    return this.#connect();
  }

  /** Sends a message of the table. Resolves to its reply, or to undefined when there is none. */
  request(type, data) {
    if (this.#session === undefined) return Promise.resolve(this.#notConnected());
    return this.#visitor.request(type, data);
  }

  /** Tries to connect without a token, beside a session that there may be. Resolves to what the page gets to see. */
  async knock() {
    this.#log.add("sent", "a handshake without a token");
    await this.#watched.ready();
    const code = await knock(this.#watched.name);
    if (code === undefined) this.#log.add("opened", "This server lets anybody in.");
    else this.#log.add("refused", `before the upgrade (${code})`, { notes: [REFUSED_WITHOUT_TOKEN] });
    return code;
  }

  #label(root) {
    const { title } = this.#parts;
    title.id = `panel-${this.#person.role}`;
    root.setAttribute("aria-labelledby", title.id);
  }

  #listen() {
    const { login, role, knock: knocker } = this.#parts;
    login.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#isBusy) this.#visitor.disconnect();
      else this.#connect();
    });
    role.addEventListener("change", () => this.#showRole());
    knocker.addEventListener("click", () => this.knock());
  }

  async #connect() {
    const { name, role } = this.#parts;
    this.#showState("connecting", "Connecting …");
    return await this.#visitor.connect(name.value.trim(), role.value) !== undefined;
  }

  #reset() {
    const { name, role } = this.#parts;
    name.value = this.#person.name;
    role.value = this.#person.role;
    this.#showRole();
  }

  /** A session begins, or its terms have changed: the button below has the power that the roles give it now. */
  #opened(session) {
    const { subject, roles, sessionId, expiresAt } = session;
    const isNew = this.#session?.sessionId !== sessionId;
    this.#session = session;
    this.#showState("open", `Connected as ${subject} with role ${roles.join(", ") || "none"}`);
    this.#parts.session.textContent = sessionId;
    this.#compose.showRoles(roles);
    const isAdmin = roles.includes("admin");
    this.#views.offerOperator(isAdmin);
    if (isNew) this.#lease.began(Date.now());
    this.#lease.endsAt(expiresAt);
    if (isNew) this.#log.add("opened", "The token is good.");
    // Also when the client has come back by itself: rooms are those of a session.
    if (isNew && !roles.includes("guest")) this.request("chat.join", { room: LOBBY });
    if (isNew && isAdmin) this.request("chat.join", { room: REGISTRY });
  }

  /** Something that the gate did with this panel's connection, or with an attempt at one. */
  #take(event) {
    this.#views.take(event);
    if (event.kind === "frame") this.#parts.queue.textContent = `${event.queuedBytes} bytes`;
    if (event.kind === "lease") this.#lease.began(event.leasedAtMs);
  }

  #waiting(delayMs, why) {
    const { title, does, full } = explainCause(why);
    const seconds = (delayMs / 1_000).toFixed(1);
    this.#forget();
    this.#showState("connecting", delayMs === 0 ? "Connects again" : `Connects again in ${seconds} s`);
    if (why.kind === "closed") this.#parts.close.textContent = `${title}: ${does}.`;
    this.#log.add(why.kind === "closed" ? "closed" : "refused", title, { notes: [full] });
  }

  #stopped(why) {
    const { title, does, full } = explainCause(why);
    const wasOpen = this.#session !== undefined;
    this.#forget();
    this.#showState("closed", wasOpen ? "Not connected: the session is closed" : "Not connected");
    if (why.kind === "closed") this.#parts.close.textContent = `${title}: ${does}.`;
    if (why.kind === "asked" && wasOpen) this.#parts.close.textContent = "1000, by this side.";
    this.#log.add(why.kind === "closed" || wasOpen ? "closed" : "refused", title, { notes: [full] });
  }

  #received(message, text, request) {
    if (message.type === "user.listed") return this.#views.list(message.data);
    const kind = KINDS.get(message.type) ?? "received";
    if (kind !== "ok" && kind !== "denied") {
      return this.#log.add(kind, describeDelivery(message), { json: text });
    }
    const outcome = kind === "ok" ? "ok" : message.code;
    const notes = kind === "ok" ? [] : [this.#why(message, request?.type)];
    this.#views.answers.answered(request?.type, outcome, kind, describeRequest(request), {
      notes,
      json: text,
    });
  }

  #why({ code, message }, type) {
    const rule = explainDenial(code, type, this.#session?.roles ?? [], this.#allowed.get(type));
    return `${code}: ${message} ${rule}`.trim();
  }

  #notConnected() {
    this.#log.add("note", "Nothing was sent: connect first.");
  }

  #forget() {
    this.#lease.clear();
    this.#session = undefined;
    this.#compose.showRoles(undefined);
    this.#views.offerOperator(false);
    this.#parts.session.textContent = "none";
    this.#parts.queue.textContent = "–";
  }

  /** Name and role are the token's while there is one: to change them here would change nothing. */
  #showState(phase, text) {
    const { state, connect, send, name, role } = this.#parts;
    this.#isBusy = phase === "connecting" || phase === "open";
    state.dataset.phase = phase;
    state.textContent = text;
    connect.classList.toggle("primary", !this.#isBusy);
    send.classList.toggle("primary", phase === "open");
    connect.textContent = this.#isBusy ? "Disconnect" : "Connect";
    name.readOnly = this.#isBusy;
    role.disabled = this.#isBusy;
  }

  #showRole() {
    const { title, about, role } = this.#parts;
    title.textContent = role.value;
    about.textContent = ROLES[role.value];
  }
}
