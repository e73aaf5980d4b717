/**
 * Tabs, by the pattern of the ARIA Authoring Practices: arrow keys go from tab to tab, and Tab goes on to what the chosen one shows.
 */

const STEP_OF_KEY = new Map([["ArrowRight", 1], ["ArrowLeft", -1]]);

export class Tabs {
  #tabs;
  #chosen;

  /**
   * `list` holds the tabs, each with a `data-tab`; what they show is found in `root` by the same `data-panel`. `id` is the page's only
   * one. `chosen` is told the name of each that is chosen.
   */
  constructor(root, list, id, chosen) {
    this.#chosen = chosen;
    this.#tabs = [...list.querySelectorAll('[role="tab"]')];
    for (const tab of this.#tabs) {
      const { tab: name } = tab.dataset;
      const panel = root.querySelector(`[data-panel="${name}"]`);
      tab.id = `${id}-${name}-tab`;
      panel.id = `${id}-${name}`;
      tab.setAttribute("aria-controls", panel.id);
      panel.setAttribute("aria-labelledby", tab.id);
      tab.addEventListener("click", () => this.choose(name));
    }
    list.addEventListener("keydown", (event) => this.#press(event));
    this.choose(this.#tabs[0].dataset.tab);
  }

  /** Shows what belongs to a tab. */
  choose(name) {
    for (const tab of this.#tabs) {
      const isChosen = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !isChosen;
    }
    this.#chosen(name);
  }

  /** Whether a tab is chosen. */
  shows(name) {
    return this.#tabs.some(({ dataset, ariaSelected }) => dataset.tab === name && ariaSelected === "true");
  }

  /** Lets a tab be there, or not; a chosen one that goes gives way to the first. */
  offer(name, isOffered) {
    const tab = this.#tabs.find(({ dataset }) => dataset.tab === name);
    const panel = document.getElementById(tab.getAttribute("aria-controls"));
    // Nobody is to be left on a button that has gone.
    const isInside = [tab, panel].some((part) => part.contains(document.activeElement));
    tab.hidden = !isOffered;
    if (isOffered || !this.shows(name)) return;
    this.choose(this.#tabs[0].dataset.tab);
    if (isInside) this.#tabs[0].focus();
  }

  #press(event) {
    // Those are the browser's: with Alt, an arrow leads back to the page before.
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const offered = this.#tabs.filter(({ hidden }) => !hidden);
    const at = offered.indexOf(document.activeElement);
    const step = STEP_OF_KEY.get(event.key);
    const to = event.key === "Home" ? 0 : event.key === "End" ? offered.length - 1 : at + (step ?? NaN);
    const tab = offered[(to + offered.length) % offered.length];
    if (tab === undefined) return;
    event.preventDefault();
    this.choose(tab.dataset.tab);
    tab.focus();
  }
}
