/** One case: what was reported, where, and the three units that were sent, with reasons. */
import { boot, said, t, titled } from "./boot.js";
import { badge, cards, coordinates, footnote, verdict } from "./answer.js";
import { el } from "./dom.js";
import { categoryTitle } from "./reports.js";
import { moment } from "./time.js";

/** @param {[string, string | Node | null | undefined][]} rows */
function facts(rows) {
  const known = rows.filter(([, value]) => value);
  return el("dl.facts-table", {}, ...known.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

/** @param {any} file @returns {HTMLElement} */
export function heading(file) {
  return el("div.head", {}, el("h2.number", {}, file.number ?? t("case")),
    el("span.chip", {}, categoryTitle(file.category, file.kind)),
    file.state ? el("span.chip", {}, said(file.state)) : null,
    file.synthetic ? el("span.chip.synthetic-chip", {}, t("synthetic")) : null);
}

/** The units as they were sent, when the routing evidence is not there. @param {any[]} assignments */
function sent(assignments) {
  return el("div.units", {}, ...assignments.map((each) => el("article.unit", { "data-layer": each.kind },
    el("div.over", {}, el("span", {}, titled("layer", each.kind)), each.confidence ? badge(each.confidence) : null),
    el("div.who", {}, each.unit_name ?? t("nobody")),
    el("div.reason", {}, said(each.reason)))));
}

/** @param {any} file a case as `readCase` gives it @param {() => void} back */
export function casesheet(file, back) {
  const lies = file.lon === null ? t("unplaced")
    : `${coordinates(file.lon, file.lat)}${file.radius ? ` · ${t("accuracy", { radius: Math.round(file.radius) })}` : ""}`;
  return el("div.sheet", {},
    heading(file),
    file.title ? el("strong", {}, file.title) : null,
    file.text ? el("p.told", { "aria-label": t("what_happened") }, file.text) : null,
    facts([
      [t("occurred"), file.occurred && moment(file.occurred)],
      [t("received"), file.received && moment(file.received)],
      [t("source"), file.source && (boot.sources[file.source] ?? file.source)],
      [t("people"), file.people ? t("people_count", { count: file.people }) : null],
      [t("position"), file.address ? `${file.address} · ${lies}` : lies],
    ]),
    file.route?.needs_person ? verdict(file.route.reasons) : null,
    file.route ? cards(file.route) : sent(file.assignments),
    file.route ? footnote(file.route) : null,
    el("div.actions", {}, el("button.plain", { type: "button", click: back }, t("case_back"))));
}
