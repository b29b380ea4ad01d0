/** A rule and an outcome in words. */
import { boot, t, titled } from "../common/boot.js";

const LOCAL = ["street", "police", "justice"];
const MANY = 100_000;

/** Names of units by code. @type {Record<string, string>} */
export const names = {};

/** @param {string} code */
export const unitName = (code) => (LOCAL.includes(code) ? titled("rules_local", code) : names[code] ?? code);

/** What a rule is for. @param {any} when */
export function conditions(when) {
  const listed = [
    [when.kinds, (/** @type {string} */ code) => titled("kind", code)],
    [when.categories, (/** @type {string} */ code) => boot.branches[code] ?? code],
    [when.areas, (/** @type {string} */ code) => boot.streets[code] ?? code],
    [when.hours, (/** @type {string} */ code) => boot.hours[code]],
    [when.grades, (/** @type {string} */ code) => boot.grades[code]],
    [when.sources, (/** @type {string} */ code) => boot.sources[code]],
  ].map(([codes, said]) => codes.map(said).join("、"));
  const answers = Object.entries(when.answers).map(([code, word]) => `${code} = ${word}`);
  return [...listed, people(when), ...answers].filter(Boolean).join(" · ") || t("rules_everything");
}

/** @param {{people_from: number, people_to: number}} when */
function people({ people_from: from, people_to: to }) {
  if (to < MANY) return t("rules_people", { from, to });
  return from > 1 ? t("rules_people_least", { from }) : "";
}

/** What follows. @param {any} then */
export function consequences(then) {
  const feedback = then.limits.feedback;
  return [
    t("rules_leads", { unit: unitName(then.lead) }),
    then.assist.length ? t("rules_assists", { units: then.assist.map(unitName).join("、") }) : null,
    then.tier ? boot.tiers[then.tier] : null,
    feedback ? t("rules_limit_said", { amount: feedback.amount, unit: boot.units[feedback.unit] }) : null,
  ].filter(Boolean).join(" · ");
}

/** What is done with a case. @param {any} outcome */
export function outcomeWords({ units, open, tier }) {
  const sent = units.map((/** @type {any} */ each) => (each.role === "lead" ? `${each.unit_name}（${titled("role", "lead")}）` : each.unit_name)).join("、");
  const asked = open.length ? t("rules_open", { kinds: open.map((/** @type {string} */ kind) => titled("layer", kind)).join("、") }) : null;
  return [sent, asked, boot.tiers[tier]].filter(Boolean).join(" · ");
}
