/** Why the case has its grade, what waits for a second person, and the way to the assessment. */
import { boot, may, said, t } from "../common/boot.js";
import { el } from "../common/dom.js";
import { number } from "./case.js";

/** @param {any} risk */
export function risk({ items }) {
  const counts = items.find((/** @type {any} */ each) => each.standing === "valid");
  const waits = items.find((/** @type {any} */ each) => each.standing === "pending");
  return [
    el("h2", {}, t("case_grade")),
    waits ? el("p.clear", {}, t("risk_waits", { grade: boot.grades[waits.given], by: waits.actor })) : null,
    counts ? grading(counts) : el("p.quiet", {}, t("risk_none")),
    may("assess") ? el("p", {}, el("a.plain", { href: `/assessment#${number}` }, t("risk_assess"))) : null,
  ];
}

/** @param {any} each */
function grading(each) {
  return el("div.inside", {},
    el("div.row", {}, el(`span.chip.grade.${each.given}`, {}, boot.grades[each.given]), el("span", {}, t("risk_points", { points: each.points })),
      el("span.quiet", {}, each.system ? t("risk_by_house") : each.actor)),
    each.reasons.length ? el("ul.reasons", {}, ...each.reasons.map((/** @type {any} */ reason) => el("li", {}, `+${reason.points} ${said(reason.said)}`))) : null,
    each.overridden ? el("p.why", {}, t("risk_overridden", { reason: each.reason ?? "" })) : null);
}
