/** One rule as a form. */
import { boot, t } from "../common/boot.js";
import { asking } from "../common/dialog.js";
import { names, unitName } from "./words.js";

const MANY = 100_000;
const BLANK = {
  code: "", title: "",
  when: { kinds: [], categories: [], areas: [], hours: [], grades: [], sources: [], people_from: 1, people_to: MANY, answers: {} },
  then: { lead: "street", assist: [], tier: null, limits: {} },
};

/** @param {string} id @returns {string[]} */
const chosen = (id) => [.../** @type {HTMLSelectElement} */ (document.getElementById(`ask-${id}`)).selectedOptions].map((option) => option.value);

/** @param {string} title @param {any | null} rule @param {(rule: any) => void} done */
export function edit(title, rule, done) {
  const { code, title: name, when, then } = rule ?? BLANK;
  const local = Object.fromEntries(["street", "police", "justice"].map((each) => [each, unitName(each)]));
  const units = { ...local, ...names };
  const several = (/** @type {string} */ field, /** @type {string} */ said, /** @type {Record<string, string>} */ choices) =>
    /** @type {import("../common/dialog.js").Field} */ ({ name: field, title: said, kind: "choice", choices, many: true });
  asking(title, [
    { name: "code", title: t("rules_code"), value: code },
    { name: "title", title: t("rules_name"), value: name },
    several("categories", t("rules_categories"), boot.branches),
    several("areas", t("rules_areas"), boot.streets),
    several("hours", t("rules_hours"), boot.hours),
    several("grades", t("rules_grades"), boot.grades),
    several("sources", t("rules_sources"), boot.sources),
    { name: "people_from", title: t("rules_people_from"), kind: "number", value: String(when.people_from) },
    { name: "people_to", title: t("rules_people_to"), kind: "number", value: when.people_to < MANY ? String(when.people_to) : "" },
    { name: "lead", title: t("rules_lead"), kind: "choice", choices: units, value: then.lead },
    several("assist", t("rules_assist"), units),
    { name: "tier", title: t("rules_tier"), kind: "choice", choices: { "": t("rules_tier_by_grade"), ...boot.tiers }, value: then.tier ?? "" },
    { name: "limit", title: t("rules_limit"), kind: "number", value: then.limits.feedback ? String(then.limits.feedback.amount) : "" },
    { name: "limit_unit", title: t("rules_limit_unit"), kind: "choice", choices: boot.units, value: then.limits.feedback?.unit },
  ], async (words) => {
    const { feedback: _, ...others } = then.limits;
    const limits = words.limit ? { ...others, feedback: { amount: Number(words.limit), unit: words.limit_unit } } : others;
    done({
      code: words.code, title: words.title,
      when: {
        ...when, categories: chosen("categories"), areas: chosen("areas"), hours: chosen("hours"), grades: chosen("grades"), sources: chosen("sources"),
        people_from: Number(words.people_from || 1), people_to: words.people_to ? Number(words.people_to) : MANY,
      },
      then: { lead: words.lead, assist: chosen("assist"), tier: words.tier || null, limits },
    });
  });
  preselect({ categories: when.categories, areas: when.areas, hours: when.hours, grades: when.grades, sources: when.sources, assist: then.assist });
}

/** @param {Record<string, string[]>} picked */
function preselect(picked) {
  for (const [id, codes] of Object.entries(picked)) {
    const select = /** @type {HTMLSelectElement} */ (document.getElementById(`ask-${id}`));
    for (const option of select.options) option.selected = codes.includes(option.value);
  }
}
