/** What the asker may do with the case now. */
import { boot, said, t } from "../common/boot.js";
import { asking } from "../common/dialog.js";
import { el } from "../common/dom.js";
import { askCase } from "./case.js";

/** @type {Record<string, import("../common/dialog.js").Field>} */
const FIELDS = {
  destination: { name: "destination", title: t("case_destination"), kind: "choice", choices: boot.destinations },
  resolution: { name: "resolution", title: t("case_resolution"), kind: "choice", choices: boot.resolutions },
  because: { name: "because", title: t("case_because"), kind: "choice", choices: boot.becauses },
  satisfaction: { name: "satisfaction", title: t("case_satisfaction"), kind: "choice", choices: { 5: "★★★★★", 4: "★★★★", 3: "★★★", 2: "★★", 1: "★" }, value: "5" },
};

/** Ways out: never what is offered first. */
const ASIDE = ["suspend", "return", "refuse", "move", "merge"];

/** @param {any} life @param {() => Promise<void>} refresh */
export function steps(life, refresh) {
  const buttons = life.steps.map((/** @type {any} */ step, /** @type {number} */ place) =>
    el(place || ASIDE.includes(step.action) ? "button.plain" : "button.primary", { type: "button", click: () => take(step, refresh) }, said(step.title)));
  return [
    el("h2", {}, t("case_next")),
    buttons.length ? el("div.actions", {}, ...buttons) : el("p.quiet", {}, t("case_no_step")),
  ];
}

/** @param {any} step @param {() => Promise<void>} refresh */
function take(step, refresh) {
  asking(said(step.title), fields(step.needs), async (words) => {
    const given = Object.fromEntries(Object.entries(words).filter(([, word]) => word !== ""));
    if (given.satisfaction) given.satisfaction = Number(given.satisfaction);
    await askCase("steps", { body: { action: step.action, ...given } });
    await refresh();
  });
}

/** A field for each thing that a step needs; a reason may always be given. @param {string[]} needs */
function fields(needs) {
  const brought = needs.filter((need) => need !== "reason").map((need) => FIELDS[need]);
  return [...brought, { name: "reason", title: t("case_reason"), kind: /** @type {const} */ ("prose"), how: t("case_no_names") }];
}
