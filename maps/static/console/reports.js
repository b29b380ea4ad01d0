/** The latest reports: a list that grows from above without flicker. */
import { boot, t, titled } from "./boot.js";
import { el, one, reconcile } from "./dom.js";
import { briefly } from "./time.js";

/** @param {string | null | undefined} code @param {string} kind */
export const categoryTitle = (code, kind) => (code ? boot.categories[code] ?? code : titled("kind", kind));

export class ReportList {
  /** @param {(id: string) => void} chosen */
  constructor(chosen) {
    this.view = one("#reports");
    this.list = one(".list", this.view);
    this.chosen = chosen;
    /** @type {any[]} */
    this.items = [];
    /** @type {string | null} */
    this.current = null;
  }

  /** @param {any[]} items newest first */
  show(items) {
    this.items = items;
    const now = new Date();
    one(".notice", this.view).hidden = true;
    one(".empty", this.view).hidden = items.length > 0;
    reconcile(this.list, items, (item) => item.id, (item) => this.row(item, now), (node, fresh) => {
      if (fresh) node.classList.add("fresh");
      node.toggleAttribute("data-chosen", node.dataset.key === this.current);
    });
  }

  /** @param {string} words */
  fail(words) {
    const notice = one(".notice", this.view);
    notice.textContent = `${t("reports_failed")} · ${words}`;
    notice.hidden = false;
  }

  /** @param {string | null} id */
  choose(id) {
    this.current = id;
    for (const node of this.list.children) node.toggleAttribute("data-chosen", node.dataset.key === id);
  }

  /** @param {any} item @param {Date} now */
  row(item, now) {
    return el("li", {}, el("button.item", { type: "button", click: () => this.chosen(item.id) },
      el(`span.spot.${item.kind}`, {}),
      el("span.what", {}, item.title || categoryTitle(item.category, item.kind)),
      el("time.when", { datetime: item.at }, briefly(item.at, now)),
      el("span.more", {},
        item.title ? el("span", {}, categoryTitle(item.category, item.kind)) : null,
        item.street ? el("span", {}, item.street) : el("span.chip.warn", {}, t("unplaced")),
        el("span.number", {}, item.number ?? ""),
        item.synthetic ? el("span.chip.synthetic-chip", {}, t("made_up")) : null)));
  }
}
