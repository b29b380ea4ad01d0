/** Whistles that call the unit and still run: emergencies first. */
import { said, t } from "../common/boot.js";
import { el, one, reconcile } from "../common/dom.js";
import { ending } from "../common/time.js";

/** @param {any[]} whistles  of GET /v1/whistles @param {string | null} unit */
export function showWhistled(whistles, unit) {
  const mine = whistles.filter((each) => each.roll.some((/** @type {any} */ line) => line.unit_code === unit && line.reported_in_at === null));
  reconcile(one("#whistled"), mine.map((each) => ({ ...each, now: null })), (each) => String(each.id), (each) => row(each, unit));
}

/** @param {any} each @param {string | null} unit */
function row(each, unit) {
  const own = each.roll.find((/** @type {any} */ line) => line.unit_code === unit);
  const lead = each.roll.find((/** @type {any} */ line) => line.role === "lead");
  const came = each.roll.filter((/** @type {any} */ line) => line.reported_in_at !== null).length;
  return el(each.type === "emergency" ? "li.emergency" : "li", {},
    el("div.row", {}, el("strong", {}, said(each.title)), el("a.number", { href: `/cases/${encodeURIComponent(each.case_number)}` }, each.case_number)),
    el("p", {}, each.words),
    el("p", {}, [
      own.due_at ? t("inbox_whistle_by", { at: ending(own.due_at, new Date()) }) : null,
      lead ? t("inbox_whistle_leads", { unit: lead.unit_name }) : null,
      t("inbox_whistle_came", { came, all: each.roll.length }),
    ].filter(Boolean).join(" · ")));
}
