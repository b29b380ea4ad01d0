/** Whistles: calling further units or experts, the roll call, and how it ended. */
import { ask } from "../common/api.js";
import { boot, distance, may, said, t, titled } from "../common/boot.js";
import { asking } from "../common/dialog.js";
import { el } from "../common/dom.js";
import { known } from "../common/moves.js";
import { moment } from "../common/time.js";
import { askCase } from "./case.js";

const RUNNING = ["blown", "gathered"];
const SCORES = { 5: "5", 4: "4", 3: "3", 2: "2", 1: "1" };

/** @param {{items: any[], over: boolean}} blown @param {() => Promise<void>} refresh */
export function whistles({ items, over }, refresh) {
  const deeds = may("blow") && !over ? [
    button(t("whistle_blow"), () => blow(refresh)),
    button(t("whistle_consult"), () => consult(refresh)),
    el("button.plain.danger", { type: "button", click: (/** @type {Event} */ event) => emergency(event, refresh) }, t("whistle_emergency")),
  ] : [];
  return [
    el("div.row", {}, el("h2", {}, t("whistles"))),
    items.length ? el("ul.parts", {}, ...items.map((each) => whistle(each, refresh))) : el("p.quiet", {}, t("whistles_none")),
    deeds.length ? el("div.actions", {}, ...deeds) : null,
  ];
}

/** @param {string} title @param {() => void} click */
const button = (title, click) => el("button.plain", { type: "button", click }, title);

/** @param {any} each @param {() => Promise<void>} refresh */
function whistle(each, refresh) {
  return el("li.whistle", {},
    el("div.row", {}, el("h3", {}, said(each.title)), el(`span.chip.muster.${each.state}`, {}, said(each.state_title)), el("span.chip", {}, said(each.tier_title))),
    el("p", {}, `${said(each.ground_title)} · ${each.words}`),
    el("p.quiet", {}, `${each.blown_by} · ${moment(each.blown_at)}`),
    each.roll.length ? el("ul.roll", { "aria-label": t("whistle_roll") }, ...each.roll.map((/** @type {any} */ line) => called(each, line, refresh))) : null,
    each.experts.length ? el("ul.roll", { "aria-label": t("whistle_experts") }, ...each.experts.map((/** @type {any} */ one) => expert(each, one, refresh))) : null,
    each.ended_words ? el("p.why", {}, each.ended_words) : null,
    may("blow") && RUNNING.includes(each.state) ? el("div.actions", {}, ...running(each, refresh)) : null);
}

/** What can be done with a whistle that runs. @param {any} each @param {() => Promise<void>} refresh */
function running(each, refresh) {
  const words = (/** @type {string} */ title, /** @type {string} */ deed) =>
    button(title, () => asking(title, [reason()], ({ reason: why }) => sent(each, deed, { reason: why }, refresh)));
  return [
    each.tier === "district" ? null : words(t("whistle_raise"), "escalate"),
    button(t("whistle_expert"), () => asking(t("whistle_expert"), expertFields(), ({ profession, name }) => sent(each, "experts", { profession, name }, refresh))),
    words(t("whistle_done"), "done"),
    words(t("whistle_stand_down"), "stand-down"),
  ].filter((made) => made !== null);
}

/** A line of the roll call. @param {any} each @param {any} line @param {() => Promise<void>} refresh */
function called(each, line, refresh) {
  const place = line.last_place, own = line.unit_code === boot.unit, over = each.ended_at !== null;
  return el(line.late ? "li.late" : "li", {},
    el("b", {}, line.unit_name), el("span.chip", {}, titled("role", line.role)), el(`span.chip.stage.${line.stage}`, {}, said(line.stage_title)),
    line.late ? el("span.chip.late", {}, t("whistle_late")) : null,
    el("span.quiet", {}, line.reported_in_at ? t("whistle_came", { at: moment(line.reported_in_at) }) : line.due_at ? t("whistle_by", { at: moment(line.due_at) }) : ""),
    place?.distance_m !== null && place ? el("span.quiet", {}, t("whistle_away", { distance: distance(place.distance_m) })) : null,
    line.score ? el("span.chip", {}, t("whistle_scored", { score: line.score.score })) : null,
    line.justified ? el("span.chip", {}, t("whistle_justified", { score: line.justified.score })) : null,
    may("blow") && over && !own && !line.score ? mark(t("whistle_score"), (body) => ask(`/v1/whistles/${each.id}/calls/${encodeURIComponent(line.unit_code)}/score`, { method: "PUT", body }), refresh) : null,
    may("justify") && over && own && !line.justified ? mark(t("whistle_justify"), (body) => ask(`/v1/whistles/${each.id}/justification`, { method: "PUT", body }), refresh) : null);
}

/** A button that asks for a score. @param {string} title @param {(body: any) => Promise<any>} deliver @param {() => Promise<void>} refresh */
function mark(title, deliver, refresh) {
  return el("button.link", { type: "button", click: () => asking(title, [
    { name: "score", title: t("whistle_points"), kind: "choice", choices: SCORES, value: "5" },
    { name: "words", title: t("case_words"), kind: "prose", how: t("case_no_names") },
  ], async ({ score, words }) => {
    await deliver({ score: Number(score), words });
    await refresh();
  }) }, title);
}

/** @param {any} each @param {any} one @param {() => Promise<void>} refresh */
function expert(each, one, refresh) {
  const writes = may("opine") && !one.opinion;
  return el("li", {}, el("b", {}, one.name), el("span.chip", {}, said(one.title)),
    one.opinion ? el("p.why", {}, one.opinion) : el("span.quiet", {}, t("whistle_no_opinion")),
    writes ? el("button.link", { type: "button", click: () => asking(t("whistle_opinion"), [reason()],
      ({ reason: why }) => sent(each, `experts/${one.id}/opinion`, { reason: why }, refresh)) }, t("whistle_opinion")) : null);
}

/** @returns {import("../common/dialog.js").Field} */
const reason = () => ({ name: "reason", title: t("case_words"), kind: "prose", how: t("case_no_names") });

/** @returns {import("../common/dialog.js").Field[]} */
const expertFields = () => [
  { name: "profession", title: t("whistle_profession"), kind: "choice", choices: boot.professions },
  { name: "name", title: t("whistle_expert_name") },
];

/** @param {() => Promise<void>} refresh */
async function blow(refresh) {
  const choices = await known();
  asking(t("whistle_blow"), [
    { name: "type", title: t("whistle_type"), kind: "choice", choices: boot.whistles },
    { name: "ground", title: t("whistle_ground"), kind: "choice", choices: boot.grounds },
    { name: "lead", title: t("case_lead_unit"), kind: "choice", choices },
    { name: "units", title: t("case_assist_units"), kind: "choice", choices, many: true },
    { name: "words", title: t("case_words"), kind: "prose", how: t("case_no_names") },
  ], async ({ type, ground, lead, words }) => {
    const chosen = /** @type {HTMLSelectElement} */ (document.getElementById("ask-units")).selectedOptions;
    const assist = [...chosen].map((option) => ({ unit_code: option.value, role: "assist" })).filter((each) => each.unit_code !== lead);
    await askCase("whistles", { body: { type, ground, words, units: [{ unit_code: lead, role: "lead" }, ...assist] } });
    await refresh();
  });
}

/** @param {() => Promise<void>} refresh */
function consult(refresh) {
  asking(t("whistle_consult"), [...expertFields(), { name: "words", title: t("whistle_question"), kind: "prose", how: t("case_no_names") }],
    async ({ profession, name, words }) => {
      await askCase("whistles", { body: { type: "hard", ground: "consultation", words, experts: [{ profession, name }] } });
      await refresh();
    });
}

/** In one action: nothing is asked, and a second click does not call twice. @param {Event} event @param {() => Promise<void>} refresh */
async function emergency(event, refresh) {
  const pressed = /** @type {HTMLButtonElement} */ (event.currentTarget);
  if (pressed.disabled) return;
  pressed.disabled = true;
  try {
    await askCase("whistles/emergency", { body: {} });
    await refresh();
  } finally {
    pressed.disabled = false;
  }
}

/** @param {any} each @param {string} deed @param {unknown} body @param {() => Promise<void>} refresh */
async function sent(each, deed, body, refresh) {
  await ask(`/v1/whistles/${each.id}/${deed}`, { body });
  await refresh();
}
