/**
 * The form that sends: a type of message brings its own fields, and a free text sends whatever is written.
 */

import { element } from "./elements.js";
import { MESSAGES, RAW_MESSAGES } from "./messages.js";

export class Compose {
  #parts;
  #allowed;
  #send;
  #roles;

  /**
   * `parts` are those of the panel; `allowed` maps a type to the roles that may send it. `send` has
   * `message(type, data)` and `raw(text)`.
   */
  constructor(parts, allowed, send) {
    this.#parts = parts;
    this.#allowed = allowed;
    this.#send = send;
    parts.choice.append(
      optionGroup("Types of the table", MESSAGES.map(({ type }) => type)),
      optionGroup("Free text", RAW_MESSAGES.map(({ label }) => label)),
    );
    parts.choice.addEventListener("change", () => this.#show());
    parts.compose.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#show();
  }

  /** Shows what the roles of the session allow; without a session, what any would. */
  showRoles(roles) {
    this.#roles = roles;
    this.#showPower();
  }

  /** The chosen message, or undefined when the free text is. */
  get #message() {
    return MESSAGES[this.#parts.choice.selectedIndex];
  }

  #show() {
    const message = this.#message;
    const { fields } = this.#parts;
    if (message === undefined) {
      const { text } = RAW_MESSAGES[this.#parts.choice.selectedIndex - MESSAGES.length];
      fields.replaceChildren(rawField(text));
      this.#showPower();
      return;
    }
    const inputs = Object.entries(message.fields).map(([name, value]) => field(name, value));
    fields.replaceChildren(...inputs);
    if (inputs.length === 0) fields.append(element("p", "nothing", "This message needs no data."));
    this.#showPower();
  }

  /** The button stays: to press it without the power to is what the page is for. But it does not look as if it had any. */
  #showPower() {
    const { hint, send } = this.#parts;
    const allowed = this.#allowed.get(this.#message?.type);
    const isDenied = allowed !== undefined && this.#roles !== undefined &&
      !this.#roles.some((role) => allowed.includes(role));
    send.classList.toggle("powerless", isDenied);
    send.textContent = isDenied ? "Send, and be denied" : "Send";
    if (allowed === undefined) hint.textContent = "Goes out exactly as written.";
    else {hint.textContent = `The table allows: ${allowed.join(", ")}${
        isDenied ? `; not ${this.#roles.join(", ")}` : ""
      }.`;}
  }

  #submit() {
    const message = this.#message;
    const inputs = [...this.#parts.fields.querySelectorAll("input, textarea")];
    if (message === undefined) return this.#send.raw(inputs[0].value);
    this.#send.message(message.type, Object.fromEntries(inputs.map(({ name, value }) => [name, value])));
  }
}

function optionGroup(label, texts) {
  const group = element("optgroup");
  group.label = label;
  group.append(...texts.map((text) => element("option", "", text)));
  return group;
}

/** No field is required, nor bounded: to send what is not valid, and to see it denied, is what they are for. */
function field(name, value) {
  const input = element("input");
  input.name = name;
  input.value = value;
  const label = element("label", "", name);
  label.append(" ", input);
  return label;
}

function rawField(text) {
  const area = element("textarea");
  area.value = text;
  area.rows = 2;
  area.spellcheck = false;
  const label = element("label", "wide", "raw text");
  label.append(" ", area);
  return label;
}
