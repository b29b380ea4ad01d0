/** What waits for an assessment, and what for a second person. */
import { boot, figure, t } from "../common/boot.js";
import { all, el, one, reconcile } from "../common/dom.js";
import { briefly } from "../common/time.js";

/** @param {any} queue  the answer of GET /v1/risk/queue @param {(number: string) => void} open */
export function showWaiting({ total, to_assess, to_confirm }, open) {
  lay("to-assess", to_assess, total, open);
  lay("to-confirm", to_confirm, to_confirm.length, open);
  const first = one("#first-of");
  first.hidden = to_assess.length === total;
  first.textContent = t("assess_first", { shown: figure(to_assess.length), total: figure(total) });
}

/** @param {string} name @param {any[]} items @param {number} many @param {(number: string) => void} open */
function lay(name, items, many, open) {
  const now = new Date();
  one(`#many-${name}`).textContent = figure(many);
  one(`#none-${name}`).hidden = items.length > 0;
  const rows = items.map((each) => ({ ...each, when: briefly(each.opened_at, now) }));
  reconcile(one(`#${name}`), rows, (each) => each.number, (each) => row(each, open));
}

/** @param {any} each @param {(number: string) => void} open */
function row(each, open) {
  const category = boot.categories[each.category] ?? each.category;
  return el("li", {}, el("button", { type: "button", click: () => open(each.number) },
    el(`span.spot.${each.grade ?? "none"}`, { title: boot.grades[each.grade] ?? "" }), el("b", {}, each.title || category), el("time.quiet-time", { datetime: each.opened_at }, each.when),
    el("span.quiet", {}, [each.number, each.title ? category : null, t("case_people", { many: each.people_involved })].filter(Boolean).join(" · "))));
}

/** @param {string | null} number */
export function choose(number) {
  for (const row of all(".cases > li")) row.toggleAttribute("data-chosen", row.dataset.key === number);
}

/** The case after this one in its list; the first one when there is none. @param {string} number @param {any[]} items */
export function after(number, items) {
  const place = items.findIndex((each) => each.number === number);
  const rest = items.filter((each) => each.number !== number);
  return rest[place < 0 ? 0 : Math.min(place, rest.length - 1)]?.number ?? null;
}
