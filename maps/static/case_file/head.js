/** What the case is: number, state, risk, what was reported, where and when. */
import { boot, said, t } from "../common/boot.js";
import { el } from "../common/dom.js";
import { moment } from "../common/time.js";

/** @param {{file: any, life: any}} seen */
export function head({ file, life }) {
  return [
    el("div.row.title", {},
      el("h2.number", {}, file.case_number),
      life?.grade ? el(`span.chip.grade.${life.grade}`, {}, `${t("case_grade")} ${boot.grades[life.grade] ?? life.grade}`) : null,
      el("span.chip.state", {}, said(file.state)),
      file.synthetic ? el("span.chip.synthetic-chip", {}, t("made_up")) : null),
    file.title ? el("h3", {}, file.title) : null,
    el("p.told", {}, file.text),
    el("dl.facts-table.wide", {}, ...facts(file, life).flatMap(([name, word]) => [el("dt", {}, name), el("dd", {}, word)])),
  ];
}

/** @param {any} file @param {any} life @returns {string[][]} */
function facts(file, life) {
  return [
    [t("case_category"), boot.categories[file.category] ?? file.category],
    [t("case_source"), boot.sources[file.source] ?? file.source],
    [t("case_received"), moment(file.received_at)],
    [t("case_involved"), t("case_people", { many: file.people_involved })],
    [t("case_where"), where(file)],
    ...(life?.tier ? [[t("case_level"), boot.tiers[life.tier] ?? life.tier]] : []),
  ];
}

/** The address as it was given, and the street that answers for it. @param {any} file */
function where(file) {
  const raw = file.placement?.raw ?? {};
  const street = file.assignments.find((/** @type {any} */ each) => each.kind === "street")?.unit_name;
  return [raw.address, street].filter(Boolean).join(" · ") || t("unplaced");
}
