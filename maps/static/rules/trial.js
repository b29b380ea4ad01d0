/** Trying the rules of the page on past cases. */
import { ask } from "../common/api.js";
import { boot, figure, t } from "../common/boot.js";
import { el, one } from "../common/dom.js";
import { sends } from "../common/form.js";
import { mark } from "../common/synthetic.js";
import { local } from "../common/time.js";
import { outcomeWords } from "./words.js";

const DAY_MS = 86_400_000, QUARTER_DAYS = 90;

/** @param {() => any[]} rules  those of the page now */
export function startTrial(rules) {
  const now = new Date();
  one("#until").value = local(now).slice(0, 10);
  one("#since").value = local(new Date(now.getTime() - QUARTER_DAYS * DAY_MS)).slice(0, 10);
  sends(one("#replay"), async ({ since, until, areas_on }) => {
    const found = await ask("/v1/rules/replay", { body: { rules: rules(), since, until, areas_on: areas_on || null } });
    mark(found.items);
    one("#tried").replaceChildren(...replayed(found));
  });
  sends(one("#preview"), async ({ case_number }) => {
    const found = await ask("/v1/rules/preview", { body: { rules: rules(), case_number } });
    mark([found]);
    one("#tried").replaceChildren(el("ul.outcomes", {}, outcome(found)));
  });
  one("#trial").hidden = false;
}

/** @param {any} found */
function replayed({ looked_at, changed, shifts, items }) {
  return [
    el("h3", {}, t("rules_replayed", { looked: figure(looked_at), changed: figure(changed) })),
    shifts.length ? el("h3", {}, t("rules_shifts")) : "",
    el("ul.shifts", {}, ...shifts.map((/** @type {any} */ each) => el("li", {}, `${each.unit_name}：${figure(each.before)} → ${figure(each.after)}`))),
    el("ul.outcomes", {}, ...items.map(outcome)),
  ].filter(Boolean);
}

/** @param {any} each */
function outcome({ case_number, category, title, changed, before, after }) {
  return el("li", {},
    el("div.row", {}, el("a.number", { href: `/cases/${encodeURIComponent(case_number)}` }, case_number), el("span", {}, title || boot.branches[category])),
    changed ? el("div.arrow", {}, el("span.quiet", {}, t("rules_before")), el("span", {}, outcomeWords(before)), el("b", {}, t("rules_after")), el("b", {}, outcomeWords(after)))
      : el("p.quiet", {}, `${t("rules_same")} · ${outcomeWords(after)}`));
}
