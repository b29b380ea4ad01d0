/** The latest reports: a list that grows from above without flicker. */
import { boot, t, titled } from "../common/boot.js";
import { el, one, reconcile } from "../common/dom.js";
import { briefly } from "../common/time.js";

/** @param {string | null | undefined} code @param {string} kind */
export const categoryTitle = (code, kind) => (code ? boot.categories[code] ?? code : titled("kind", kind));

export class ReportList {
  /** @param {(number: string) => void} chosen */
  constructor(chosen) {
    this.view = one("#reports");
    this.list = one(".list", this.view);
    this.chosen = chosen;
    /** @type {import("./types.js").ReportItem[]} */
    this.items = [];
    /** @type {string | null} */
    this.current = null;
  }

  /**
   * @param {import("./types.js").ReportItem[]} items newest first
   * @param {boolean} synthetic  everything is made up, which the page says once for all
   */
  show(items, synthetic) {
    this.items = items;
    one(".notice", this.view).hidden = true;
    one(".empty", this.view).hidden = items.length > 0;
    const now = new Date();
    const rows = items.map((item) => ({ ...item, when: briefly(item.at, now), marked: item.synthetic && !synthetic }));
    reconcile(this.list, rows, (row) => row.number, (row) => this.row(row), (node, fresh) => {
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

  /** @param {string | null} number */
  choose(number) {
    this.current = number;
    for (const node of this.list.children) node.toggleAttribute("data-chosen", node.dataset.key === number);
  }

  /** @param {import("./types.js").ReportItem & {when: string, marked: boolean}} row */
  row(row) {
    const category = categoryTitle(row.category, row.kind);
    return el("li", {}, el("button.item", { type: "button", click: () => this.chosen(row.number) },
      el(`span.spot.${row.kind}`, { title: titled("kind", row.kind) }),
      el("span.what", {}, row.title || category),
      el("time.when", { datetime: row.at }, row.when),
      el("span.more", {},
        row.title ? el("span", {}, category) : null,
        row.street ? el("span", {}, row.street) : el("span.chip.warn", {}, t("unplaced")),
        el("span.number", {}, row.number),
        row.marked ? el("span.chip.synthetic-chip", {}, t("made_up")) : null)));
  }
}
