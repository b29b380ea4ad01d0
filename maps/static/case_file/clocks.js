/** What has to happen by when. */
import { may, said, t, titled } from "../common/boot.js";
import { asking } from "../common/dialog.js";
import { el } from "../common/dom.js";
import { ending } from "../common/time.js";
import { askCase } from "./case.js";

/** @param {{now: string, items: any[], names: Record<string, string>}} seen @param {() => Promise<void>} refresh */
export function clocks({ now, items, names }, refresh) {
  const running = items.filter((each) => each.stopped_at === null), ended = items.filter((each) => each.stopped_at !== null);
  const at = new Date(now);
  const row = (/** @type {any} */ each) => clock({ ...each, unit: names[each.unit_code] ?? each.unit_code }, at, refresh);
  return [
    el("h2", {}, t("case_clocks")),
    running.length ? el("ul.clocks", {}, ...running.map(row)) : el("p.quiet", {}, t("case_no_clocks")),
    ended.length ? el("details", {}, el("summary", {}, t("case_old_clocks", { many: ended.length })), el("ul.clocks", {}, ...ended.map(row))) : null,
  ];
}

/** @param {any} each @param {Date} now @param {() => Promise<void>} refresh */
function clock(each, now, refresh) {
  return el(`li.clock.${each.state}`, {},
    el("div.row", {}, el("strong", {}, said(each.title)), el(`span.chip.${each.state}`, {}, titled("clock", each.state))),
    el("p.quiet", {}, [each.unit, said(each.limit), `${t("case_due")} ${ending(each.due_at, now)}`].filter(Boolean).join(" · ")),
    each.stopped_at === null && may("extend") ? el("button.link", { type: "button", click: () => extend(each, refresh) }, t("case_extend")) : null);
}

/** @param {any} each @param {() => Promise<void>} refresh */
function extend(each, refresh) {
  asking(`${t("case_extend")} · ${said(each.title)}`, [
    { name: "amount", title: t("case_extend_by"), kind: "number", value: "1" },
    { name: "reason", title: t("case_reason"), kind: "prose" },
  ], async ({ amount, reason }) => {
    await askCase(`clocks/${each.id}/extension`, { body: { amount: Number(amount), reason } });
    await refresh();
  });
}
