/**
 * What all parts of the page do with elements.
 */

/** How near to its end a list must be to follow what comes, in pixels. */
const FOLLOW_WITHIN = 32;

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

/** Empties a list, and says why there is nothing in it. */
export function showEmpty(box, text) {
  box.replaceChildren(element("p", "empty", text));
}

/** Adds to the end of a list of at most so many, which follows what comes: but whoever has scrolled back to read is not torn away. */
export function appendFollowing(box, elements, most) {
  const { scrollHeight, scrollTop, clientHeight } = box;
  const follow = scrollHeight - scrollTop - clientHeight < FOLLOW_WITHIN;
  box.querySelector(".empty")?.remove();
  box.append(...elements);
  while (box.childElementCount > most) box.firstElementChild.remove();
  if (follow) box.scrollTop = box.scrollHeight;
}
