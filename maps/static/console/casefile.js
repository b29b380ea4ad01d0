/** One case: what was reported, where, which units were sent and why, and what happened since. */
import { boot, may, said, t, titled } from "../common/boot.js";
import { badge, cards, coordinates, footnote, unit, verdict } from "./answer.js";
import { el } from "../common/dom.js";
import { nearby } from "./nearby.js";
import { categoryTitle } from "./reports.js";
import { moment } from "../common/time.js";

const KINDS = ["street", "police", "justice"];
const MACHINES = ["route", "system"];

/** @param {[string, string | Node | null | undefined][]} rows */
function facts(rows) {
  const known = rows.filter(([, value]) => value);
  return el("dl.facts-table", {}, ...known.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

/** @param {import("./types.js").CaseFile} file */
function heading(file) {
  return el("div.head", {}, el("h2.number", {}, el("a", { href: `/cases/${encodeURIComponent(file.number)}` }, file.number)),
    el("span.chip", {}, categoryTitle(file.category, file.kind)),
    el(file.open.length ? "span.chip.warn" : "span.chip", {}, said(file.state)),
    file.synthetic ? el("span.chip.synthetic-chip", {}, t("made_up")) : null);
}

/** @param {import("./types.js").CaseFile} file */
function whereabouts(file) {
  if (file.lon === null || file.lat === null) return [file.address, t("unplaced")].filter(Boolean).join(" · ");
  const near = file.radius > 0 ? t("accuracy", { radius: Math.round(file.radius) }) : "";
  return [file.address, coordinates(file.lon, file.lat), near, titled("method", file.method)].filter(Boolean).join(" · ");
}

/** A unit that was sent: by the route, or by a person whose name stands there. @param {import("./types.js").Assignment} each */
function sentCard(each) {
  const person = MACHINES.includes(each.actor) ? null : t("decided_by", { person: each.actor });
  return unit(each.kind, {
    over: [titled("layer", each.kind), el("b", {}, titled("role", each.role)), each.area_code && el("span.number", {}, each.area_code)],
    badge: badge(each.confidence),
    name: each.unit_name,
    lines: [person, said(each.reason)],
  });
}

/** A kind for which nobody was sent yet. @param {import("./types.js").OpenQuestion} question */
function openCard({ kind, candidates }) {
  return unit(kind, {
    over: [titled("layer", kind)],
    badge: badge("open"),
    name: candidates.map((each) => each.unit_name).join(" / ") || t("nobody"),
    lines: [],
  });
}

/** @param {import("./types.js").CaseFile} file */
function units(file) {
  const of = (/** @type {string} */ kind) => {
    const sent = file.assignments.find((each) => each.kind === kind);
    const asked = file.open.find((each) => each.kind === kind);
    return sent ? sentCard(sent) : asked ? openCard(asked) : null;
  };
  return el("div.units", {}, el("h3", {}, t("sent")), ...KINDS.map(of));
}

/** @param {import("./types.js").CaseFile} file */
function near({ lon, lat }) {
  return may("due") && lon !== null && lat !== null ? [el("h3", {}, t("nearby")), nearby(lon, lat)] : [];
}

/** @param {import("./types.js").Line} line */
function happened({ happening, actor, at, content }) {
  return el("li", {}, el("time.when", { datetime: at }, moment(at)),
    el("span", {}, titled("happening", happening), MACHINES.includes(actor) ? null : ` · ${actor}`),
    content?.reason ? el("span.why", {}, String(content.reason)) : null);
}

/** @param {import("./types.js").CaseFile} file @param {{back: () => void, decide: () => void}} doors */
export function casesheet(file, { back, decide }) {
  return el("div.sheet", {},
    heading(file),
    file.title ? el("strong", {}, file.title) : null,
    el("p.told", { "aria-label": t("what_happened") }, file.text),
    file.open.length ? verdict(file.route?.reasons ?? []) : null,
    units(file),
    facts([
      [t("occurred"), moment(file.occurred)],
      [t("received"), moment(file.received)],
      [t("source"), boot.sources[file.source] ?? file.source],
      [t("people"), t("people_count", { count: file.people })],
      [t("position"), whereabouts(file)],
    ]),
    file.route ? cards(file.route, ["community", "grid"]) : null,
    ...near(file),
    el("h3", {}, t("history")),
    el("ol.history", {}, ...file.history.map(happened)),
    file.route ? footnote(file.route) : null,
    el("div.actions", {},
      file.open.length && may("decide") ? el("button.primary", { type: "button", click: decide }, t("decide")) : null,
      el("button.plain", { type: "button", click: back }, t("case_back"))));
}
