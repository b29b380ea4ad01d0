/** A field that offers what may be meant: arrows move, Enter takes, Escape closes. */
import { all, el } from "../common/dom.js";

/** @typedef {{content: (Node | string)[], choice: any}} Offer */

export class Listbox {
  /**
   * @param {HTMLInputElement} input  role="combobox"
   * @param {HTMLElement} list  role="listbox"
   * @param {{taken: (choice: any) => void, opened?: () => void, tab?: boolean}} words
   *   tab: leaving the field by Tab takes what is marked
   */
  constructor(input, list, { taken, opened = () => {}, tab = false }) {
    this.input = input;
    this.list = list;
    this.taken = taken;
    this.opened = opened;
    this.tab = tab;
    /** @type {Offer[]} */
    this.offers = [];
    this.marked = -1;
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // The field keeps the focus while something is taken with the mouse or a finger.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** @param {Offer[]} offers @param {number} [marked] which one Enter takes; none at -1 */
  offer(offers, marked = 0) {
    this.offers = offers;
    this.list.replaceChildren(...offers.map(({ content }, place) => el("li",
      { role: "option", id: `${this.list.id}-${place}`, "aria-selected": "false", click: () => this.take(place) }, ...content)));
    this.list.hidden = offers.length === 0;
    this.input.setAttribute("aria-expanded", String(offers.length > 0));
    this.mark(offers.length ? marked : -1);
  }

  close() {
    if (!this.list.hidden) this.offer([]);
  }

  /** @param {number} place */
  mark(place) {
    this.marked = place;
    all("li", this.list).forEach((option, index) => option.setAttribute("aria-selected", String(index === place)));
    const option = this.list.children[place];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} place */
  take(place) {
    const { choice } = this.offers[place];
    this.close();
    this.taken(choice);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (this.list.hidden) {
      if (step) { event.preventDefault(); this.opened(); }
      return;
    }
    if (step) {
      event.preventDefault();
      this.mark((this.marked + step + this.offers.length) % this.offers.length);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    } else if (this.marked >= 0 && event.key === "Enter") {
      event.preventDefault();
      this.take(this.marked);
    } else if (this.marked >= 0 && event.key === "Tab" && this.tab) this.take(this.marked);
  }
}
