/** The units of the case: how far each has come, on whose word, and what can be done now. */
import { may, said, t, titled } from "../common/boot.js";
import { asking } from "../common/dialog.js";
import { el } from "../common/dom.js";
import { known, make } from "../common/moves.js";
import { moment } from "../common/time.js";
import { askCase, number } from "./case.js";
import { reroute } from "./rerouting.js";

/** @param {{items: any[], over: boolean}} sent @param {() => Promise<void>} refresh */
export function units({ items, over }, refresh) {
  return [
    el("div.row", {}, el("h2", {}, t("case_units")),
      may("reroute") && !over ? el("button.plain", { type: "button", click: () => reroute(refresh) }, t("reroute")) : null,
      may("dispatch") && !over ? el("button.plain", { type: "button", click: () => dispatch(refresh) }, t("case_send")) : null),
    items.length ? el("ul.parts", {}, ...items.map((each) => part(each, refresh))) : el("p.quiet", {}, t("case_no_units")),
  ];
}

/** @param {any} each @param {() => Promise<void>} refresh */
function part(each, refresh) {
  return el(`li.part.${each.role}`, {},
    el("div.row", {}, el("h3", {}, each.unit_name),
      el("span.chip", {}, titled("role", each.role)), el(`span.chip.stage.${each.stage}`, {}, said(each.title))),
    each.steps.length ? el("ol.done", {}, ...each.steps.map(line)) : null,
    each.moves.length ? el("div.actions", {}, ...each.moves.map((/** @type {any} */ move) => el("button.plain", { type: "button", click: () => make({ ...each, number }, move, refresh) }, said(move.title)))) : null);
}

/** @param {any} step */
function line(step) {
  const word = step.channel ? `${said(step.channel)} · ${step.said_by}` : step.person_name;
  const spot = step.lon === null ? "" : ` · ${t("case_at_spot")} ${step.lon.toFixed(5)}, ${step.lat.toFixed(5)}`;
  return el("li", {}, el("time.when", { datetime: step.at }, moment(step.at)), el("b", {}, said(step.title)), ` ${word}${spot}`,
    step.words ? el("p.why", {}, step.words) : null);
}

/** A person names the units. @param {() => Promise<void>} refresh */
async function dispatch(refresh) {
  const choices = await known();
  asking(t("case_send"), [
    { name: "lead", title: t("case_lead_unit"), kind: "choice", choices },
    { name: "assist", title: t("case_assist_units"), kind: "choice", choices, many: true },
    { name: "reason", title: t("case_reason"), kind: "prose", how: t("case_no_names") },
  ], async ({ lead, reason }) => {
    const chosen = /** @type {HTMLSelectElement} */ (document.getElementById("ask-assist")).selectedOptions;
    const assist = [...chosen].map((option) => ({ unit_code: option.value, role: "assist" })).filter((each) => each.unit_code !== lead);
    await askCase("dispatch", { body: { reason, units: [{ unit_code: lead, role: "lead" }, ...assist] } });
    await refresh();
  });
}
