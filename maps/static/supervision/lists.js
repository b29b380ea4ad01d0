/** What is late, and the cards that were given. */
import { said, t } from "../common/boot.js";
import { el, one, reconcile } from "../common/dom.js";
import { span } from "../common/span.js";
import { briefly, ending } from "../common/time.js";
import { key, unitOf } from "./units.js";

const late = one("#late tbody"), given = one("#given tbody");

/** @param {any} board @param {string | null} unit @param {number} most how many the server lists */
export function showLate(board, unit, most) {
  const now = new Date(board.now);
  const shown = board.late.filter((/** @type {any} */ each) => unit === null || key(each) === unit);
  const items = shown.map((/** @type {any} */ each) => ({ ...each, due: ending(each.due_at, now), by: span(each.late_s), late_s: 0 }));
  reconcile(late, items, (each) => [each.case_number, each.kind, each.unit_code, each.due_at].join(), lateRow);
  const of = unit === null ? null : [...board.counts].find((each) => key(each) === unit);
  one("#late-title").textContent = of ? t("board_late_of", { unit: unitOf(of) }) : t("board_late");
  one("#all-units").hidden = unit === null;
  one("#none-late").hidden = shown.length > 0;
  one("#late").hidden = shown.length === 0;
  one("#late-first").hidden = board.late.length < most;
  one("#late-first").textContent = t("board_first", { many: most });
}

/** @param {any} each */
function lateRow(each) {
  const red = each.state === "red";
  return el("tr", {},
    el("td", {}, el(`span.chip.${each.state}`, {}, t(red ? "board_red_card" : "board_yellow_card"))),
    el("td.mono", {}, el("a.number", { href: `/cases/${encodeURIComponent(each.case_number)}` }, each.case_number)),
    el("td", {}, said(each.title)),
    el("td", {}, unitOf(each)),
    el("td.when", { "data-title": t("board_due") }, each.due),
    el("td.left", { "data-title": t("board_by") }, each.by));
}

/** @param {any} board */
export function showCards(board) {
  const now = new Date(board.now);
  const items = board.cards.map((/** @type {any} */ each) => ({ ...each, when: briefly(each.at, now) }));
  reconcile(given, items, (each) => [each.case_number, each.kind, each.unit_code, each.card, each.due_at].join(), cardRow);
  one("#none-cards").hidden = items.length > 0;
  one("#given").hidden = items.length === 0;
}

/** @param {any} each */
function cardRow(each) {
  return el("tr", {},
    el("td.when", {}, each.when),
    el("td", {}, el(`span.chip.${each.card}`, {}, said(each.card_title))),
    el("td.mono", {}, el("a.number", { href: `/cases/${encodeURIComponent(each.case_number)}` }, each.case_number)),
    el("td", {}, said(each.title)),
    el("td", {}, unitOf(each)),
    el("td.left", { "data-title": t("board_tier") }, said(each.tier_title)));
}
