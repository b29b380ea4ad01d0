/** The form: which signs there are and which numbers, with the result while it is filled in. */
import { ask, told } from "../common/api.js";
import { boot, said, t } from "../common/boot.js";
import { all, el, one } from "../common/dom.js";
import { afterPause } from "../common/pause.js";

const PAUSE_MS = 250;

export class AnswerForm {
  /**
   * @param {any} form  the answer of GET /v1/risk/form
   * @param {any} risk  the answer of GET /v1/cases/{number}/grading
   * @param {(words: any) => Promise<void>} deliver
   */
  constructor(form, risk, deliver) {
    this.number = risk.number;
    this.titles = form.titles;
    this.result = el("div.result", { "aria-live": "polite" });
    this.place = el("form.answers", { novalidate: true },
      el("div.inside", {}, signs(form, risk), numbers(form, risk),
        el("div.field", { "data-field": "reason" }, el("label", { for: "remark" }, t("assess_remark")), el("input", { id: "remark", name: "reason", maxlength: 200 }), el("p.fault", { role: "alert", hidden: true }))),
      el("div.side", {}, this.result, el("p.summary", { role: "alert", hidden: true }), el("button.primary", { type: "submit", "aria-keyshortcuts": "Control+Enter" }, t("assess_grade"))));
    this.turn = 0;
    const later = afterPause(PAUSE_MS, () => this.preview());
    this.place.addEventListener("input", later);
    this.place.addEventListener("submit", (event) => { event.preventDefault(); deliver({ ...this.words, reason: one("#remark", this.place).value || null }); });
    this.place.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.ctrlKey) this.place.requestSubmit(); });
    this.preview();
  }

  /** What is filled in, as the API takes it. */
  get words() {
    const given = all("[data-measure]", this.place).filter((input) => input.value !== "");
    return {
      signs: all("[name=sign]:checked", this.place).map((box) => box.value),
      measures: Object.fromEntries(given.map((input) => [input.dataset.measure, Number(input.value)])),
    };
  }

  /** What the form says of it; an answer that comes too late is dropped. */
  async preview() {
    const turn = ++this.turn;
    const scored = await ask(`/v1/cases/${encodeURIComponent(this.number)}/grading/preview`, { body: this.words }).catch(told);
    if (turn !== this.turn) return;
    if (typeof scored === "string") return this.result.replaceChildren(el("p.fault", {}, scored));
    this.result.replaceChildren(el("h3", {}, t("assess_result")),
      el("div.row", {}, el("span.figure", {}, t("risk_points", { points: scored.points })), el(`span.chip.grade.${scored.grade}`, {}, boot.grades[scored.grade])),
      el("ul.reasons", {}, ...scored.reasons.map((/** @type {any} */ each) => el("li", {}, `+${each.points} ${said(each.said)}`))));
  }
}

/** @param {any} form @param {any} risk */
function signs(form, risk) {
  const suggested = risk.suggested.signs;
  return el("fieldset.signs", {}, el("legend", {}, t("assess_signs")), ...Object.entries(form.signs).map(([code, rule]) =>
    el("label", {}, el("input", { type: "checkbox", name: "sign", value: code, checked: code in suggested }), said(form.titles[code]),
      el("span.quiet", {}, rule.red ? t("assess_red_at_once") : `+${rule.points}`))));
}

/** @param {any} form @param {any} risk */
function numbers(form, risk) {
  return el("div.numbers", {}, ...Object.keys(form.measures).map((code) => {
    const known = risk.suggested.measures[code];
    return el("div.field", { "data-field": `measures.${code}` }, el("label", { for: `measure-${code}` }, said(form.titles[code])),
      el("input", { id: `measure-${code}`, type: "number", inputmode: "numeric", min: 0, "data-measure": code, placeholder: known === undefined ? undefined : t("assess_from_report", { number: known }) }),
      el("p.fault", { role: "alert", hidden: true }));
  }));
}
