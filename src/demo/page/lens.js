/**
 * A frame under the lens: its header bit by bit, as RFC 6455 §5.2 lays it out, and its payload before and after unmasking.
 */

import { element } from "./elements.js";

/** So many bytes of a payload are shown in hexadecimal. */
const MAX_SHOWN_BYTES = 64;

/** Makes the whole view of a frame, as the server describes it. */
export function lens({ sentence, fields, payload, rule }) {
  const view = element("div", "lens");
  view.append(element("p", "sentence", sentence));
  if (rule !== undefined) view.append(ruleNote(rule));
  view.append(diagram(fields), headerTable(fields), payloadList(payload, fields));
  return view;
}

/** The bits of a row of the diagram. RFC 6455 draws 32, for which neither a panel nor a phone is wide enough. */
const BITS_OF_A_ROW = 16;

/** The header as the RFC draws it, for the eye: the table below says the same to everybody. */
function diagram(fields) {
  const drawing = element("div", "diagram");
  drawing.setAttribute("aria-hidden", "true");
  for (const { name, bits } of fields) {
    const plain = bits.replaceAll(" ", "");
    for (let at = 0; at < plain.length; at += BITS_OF_A_ROW) {
      const part = plain.slice(at, at + BITS_OF_A_ROW);
      const cell = element("div", `bits-${part.length}`);
      cell.append(element("span", "", at === 0 ? name : `${name}, continued`), element("code", "", part));
      drawing.append(cell);
    }
  }
  return drawing;
}

function ruleNote({ name, section, sentence }) {
  const note = element("p", "rule");
  note.append(element("b", "", `Rule broken: ${name}, ${section}.`), " ", element("q", "", sentence));
  return note;
}

function headerTable(fields) {
  const table = element("table", "bits");
  table.append(element("caption", "hidden", "The header of the frame, field by field"));
  const head = element("thead");
  const names = element("tr");
  for (const name of ["Field", "Bits", "Meaning"]) {
    const cell = element("th", "", name);
    cell.scope = "col";
    names.append(cell);
  }
  head.append(names);
  const body = element("tbody");
  for (const { name, bits, means } of fields) {
    const row = element("tr");
    const title = element("th", "", name);
    title.scope = "row";
    const cell = element("td");
    cell.append(element("code", "", bits));
    row.append(title, cell, element("td", "", means));
    body.append(row);
  }
  table.append(head, body);
  return table;
}

function payloadList({ bytes, isHidden, wire, plain, text }, fields) {
  const list = element("dl", "payload");
  const add = (title, value) => list.append(element("dt", "", title), value);
  if (bytes === 0) add("Payload", element("dd", "", "none"));
  else if (isHidden) add("Payload", element("dd", "", `${bytes} bytes, hidden: it may hold a token`));
  else if (wire === "") add("Payload", element("dd", "", `${bytes} bytes are announced; none has come`));
  else {
    const isMasked = fields.some(({ name }) => name === "masking key");
    if (isMasked) add("Payload on the wire", hexCell(wire, bytes));
    add(isMasked ? "Unmasked" : "Payload", hexCell(plain, bytes));
    if (text !== "") {
      add("As text", text === undefined ? element("dd", "", "not valid UTF-8") : codeCell(text));
    }
  }
  return list;
}

function hexCell(hex, bytes) {
  const pairs = hex.slice(0, 2 * MAX_SHOWN_BYTES).match(/../g) ?? [];
  const more = bytes - pairs.length;
  return codeCell(`${pairs.join(" ")}${more > 0 ? ` … and ${more} more bytes` : ""}`);
}

function codeCell(text) {
  const cell = element("dd");
  cell.append(element("code", "", text));
  return cell;
}
