/**
 * The two things that all parts of the page do with elements.
 */

/** Makes an element with a class and a text; a text is only ever a text, whatever is in it. */
export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}

/** Finds the elements below a root that have a `data-part`, by its value. */
export function partsOf(root) {
  return Object.fromEntries(
    [...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]),
  );
}
