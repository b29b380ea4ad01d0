/** The case in hand: what was reported, what is proposed, and the form. */
import { ask } from "../common/api.js";
import { boot, may, said, t } from "../common/boot.js";
import { asking } from "../common/dialog.js";
import { el, one } from "../common/dom.js";
import { fail } from "../common/form.js";
import { AnswerForm } from "./answers.js";
import { marked } from "./words.js";

/** @typedef {(risk: any) => void} Graded  after something was decided */

/** @param {string} number @param {string} deed @param {unknown} body */
const send = (number, deed, body) => ask(`/v1/cases/${encodeURIComponent(number)}/grading${deed}`, { body });

/** @param {any} form @param {any} risk @param {Graded} graded */
export function caseInHand(form, risk, graded) {
  const titles = Object.fromEntries(Object.entries(form.titles).map(([code, title]) => [code, said(title)]));
  const waits = risk.items.find((/** @type {any} */ each) => each.standing === "pending");
  return [
    el("div.row", {}, el("h2", {}, risk.number), risk.grade ? el(`span.chip.grade.${risk.grade}`, {}, boot.grades[risk.grade]) : null,
      el("a.link", { href: `/cases/${encodeURIComponent(risk.number)}` }, t("assess_open_file"))),
    marked(risk.text, risk.found, titles),
    risk.found.length ? el("p.quiet", {}, t("assess_found")) : null,
    waits ? proposal(risk, waits, graded) : null,
    ...(may("assess") ? grading(form, risk, graded) : []),
  ].filter((each) => each !== null);
}

/** The form, and the way around it. @param {any} form @param {any} risk @param {Graded} graded */
function grading(form, risk, graded) {
  const answers = new AnswerForm(form, risk, async (words) => {
    try {
      graded(await send(risk.number, "", words));
    } catch (error) {
      fail(answers.place, error);
    }
  });
  return [answers.place, el("div.actions", {}, el("button.plain", { type: "button", click: () => override(risk, graded) }, t("assess_override")))];
}

/** What waits for a second person. @param {any} risk @param {any} waits @param {Graded} graded */
function proposal(risk, waits, graded) {
  const words = { by: waits.actor, before: boot.grades[risk.grade] ?? "—", after: boot.grades[waits.given] };
  return el("div.proposal", {}, el("strong", {}, t("assess_proposed", words)), waits.reason ? el("p", {}, waits.reason) : null,
    waits.mine ? el("p", {}, t("assess_own")) : el("div.actions", {},
      el("button.primary", { type: "button", click: () => decide(risk.number, true, graded) }, t("assess_confirm")),
      el("button.plain", { type: "button", click: () => decide(risk.number, false, graded) }, t("assess_decline"))));
}

/** @param {string} number @param {boolean} agreed @param {Graded} graded */
function decide(number, agreed, graded) {
  const title = t(agreed ? "assess_confirm" : "assess_decline");
  asking(title, [{ name: "reason", title: t(agreed ? "assess_remark" : "case_reason"), kind: "prose", how: t("case_no_names") }],
    async ({ reason }) => graded(await send(number, "/confirm", { agreed, reason: reason || null })));
}

/** @param {any} risk @param {Graded} graded */
function override(risk, graded) {
  const choices = Object.fromEntries(Object.entries(boot.grades).filter(([code]) => code !== risk.grade));
  asking(t("assess_override"), [
    { name: "grade", title: t("assess_given"), kind: "choice", choices, how: t("assess_override_how") },
    { name: "reason", title: t("case_reason"), kind: "prose", how: t("case_no_names") },
  ], async (words) => graded(await send(risk.number, "/override", words)));
}

/** @param {Node[]} parts */
export function lay(parts) {
  const place = one("#case");
  place.replaceChildren(...parts);
  place.focus({ preventScroll: true });
}
