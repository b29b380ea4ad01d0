/** What was done, what was agreed, what was paid, and who still has to do what. */
import { ask } from "../common/api.js";
import { boot, figure, may, said, t } from "../common/boot.js";
import { asking } from "../common/dialog.js";
import { el } from "../common/dom.js";
import { known } from "../common/moves.js";
import { moment } from "../common/time.js";
import { askCase } from "./case.js";
import { Instalments } from "./instalments.js";

const IN_HAND = ["handling", "mediating"];

/** @param {any} seen @param {() => Promise<void>} refresh */
export function mediation(seen, refresh) {
  const deeds = [
    may("measure") && !seen.over ? button(t("case_measure"), () => measure(refresh)) : null,
    may("agree") && IN_HAND.includes(seen.state) ? button(t("case_agree"), () => agree(refresh)) : null,
    may("task") && !seen.over ? button(t("case_task"), () => task(refresh)) : null,
  ];
  return [
    el("h2", {}, t("case_mediation")),
    seen.measures.length ? el("ol.done", {}, ...seen.measures.map(done)) : el("p.quiet", {}, t("case_no_measures")),
    seen.agreement ? agreement(seen.agreement, refresh) : null,
    seen.tasks.length ? el("div.inside", {}, el("h3", {}, t("case_tasks")), el("ul.parts", {}, ...seen.tasks.map((/** @type {any} */ each) => errand(each, refresh)))) : null,
    el("div.actions", {}, ...deeds),
  ];
}

/** @param {string} title @param {() => void} click */
const button = (title, click) => el("button.plain", { type: "button", click }, title);

/** @param {any} each */
function done(each) {
  return el("li", {}, el("time.when", { datetime: each.done_at }, moment(each.done_at)), el("b", {}, said(each.title)), ` ${each.by_name}`, el("p.why", {}, each.words));
}

/** @param {any} made @param {() => Promise<void>} refresh */
function agreement(made, refresh) {
  const pays = may("pay") && made.instalments.some((/** @type {any} */ each) => each.standing !== "paid");
  return el("div.agreement", {},
    el("div.row", {}, el("h3", {}, `${t("case_agreement")} · ${said(made.title)}`), made.amount ? el("span.chip", {}, `¥ ${figure(Number(made.amount), 2)}`) : null),
    el("p", {}, made.words),
    made.instalments.length ? ledger(made.instalments) : null,
    pays ? button(t("case_pay"), () => pay(made, refresh)) : null);
}

/** @param {any[]} instalments */
function ledger(instalments) {
  const heads = [t("case_position"), t("case_due_on"), t("case_each_amount"), t("case_paid"), t("case_standing")].map((title) => el("th", {}, title));
  const rows = instalments.map((each) => el("tr", {}, el("td", {}, figure(each.position)), el("td.when", {}, each.due_on),
    el("td.mono", {}, figure(Number(each.amount), 2)), el("td.mono", {}, figure(Number(each.paid), 2)),
    el("td.left", {}, el(`span.chip.${each.standing}`, {}, said(each.title)))));
  return el("div.scroll", {}, el("table.rows", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows)));
}

/** Whoever was asked says that it is done. @param {any} each */
const isMine = (each) => each.for_person === boot.me || (each.for_unit !== null && each.for_unit === boot.unit);

/** @param {any} each @param {() => Promise<void>} refresh */
function errand(each, refresh) {
  return el("li", {},
    el("div.row", {}, el("strong", {}, said(each.title)), el("span.chip", {}, each.done_at ? t("case_done") : `${t("case_open_task")} · ${each.due_on}`)),
    el("p", {}, each.words), each.result ? el("p.why", {}, each.result) : null,
    !each.done_at && isMine(each) ? button(t("case_done"), () => finish(each, refresh)) : null);
}

/** @param {() => Promise<void>} refresh */
function measure(refresh) {
  asking(t("case_measure"), [
    { name: "kind", title: t("case_measure_kind"), kind: "choice", choices: boot.measures },
    { name: "words", title: t("case_words"), kind: "prose", how: t("case_no_names") },
  ], (words) => sent("measures", words, refresh));
}

/** @param {() => Promise<void>} refresh */
function agree(refresh) {
  const instalments = new Instalments();
  asking(t("case_agree"), [
    { name: "form", title: t("case_form"), kind: "choice", choices: boot.forms },
    { name: "words", title: t("case_words"), kind: "prose", how: t("case_no_names") },
    { name: "agreed_on", title: t("case_agreed_on"), kind: "date", value: boot.today },
    { name: "amount", title: t("case_amount"), kind: "money" },
    instalments.place,
  ], ({ form, words, agreed_on, amount }) => sent("agreement", { form, words, agreed_on, amount: amount || null, instalments: instalments.given() }, refresh));
}

/** @param {any} made @param {() => Promise<void>} refresh */
function pay(made, refresh) {
  const owed = made.instalments.filter((/** @type {any} */ each) => each.standing !== "paid");
  const choices = Object.fromEntries(owed.map((/** @type {any} */ each) => [each.position, `${t("case_instalment", { n: each.position })} · ${each.due_on}`]));
  asking(t("case_pay"), [
    { name: "position", title: t("case_position"), kind: "choice", choices },
    { name: "amount", title: t("case_each_amount"), kind: "money", value: String(Number(owed[0].amount) - Number(owed[0].paid)) },
    { name: "paid_on", title: t("case_paid_on"), kind: "date", value: boot.today },
  ], ({ position, amount, paid_on }) => sent("payments", { position: Number(position), amount, paid_on }, refresh));
}

/** For a grid worker of the place, or for a unit. @param {() => Promise<void>} refresh */
async function task(refresh) {
  const [workers, units] = await Promise.all([askCase("grid-workers"), known()]);
  const choices = Object.fromEntries([
    ...workers.items.map((/** @type {any} */ each) => [`for_person ${each.id}`, t("case_grid_worker", { name: each.name })]),
    ...Object.entries(units).map(([code, name]) => [`for_unit ${code}`, name]),
  ]);
  asking(t("case_task"), [
    { name: "kind", title: t("case_task_kind"), kind: "choice", choices: boot.tasks },
    { name: "whom", title: t("case_for_whom"), kind: "choice", choices },
    { name: "due_on", title: t("case_due_on"), kind: "date", value: boot.today },
    { name: "words", title: t("case_words"), kind: "prose", how: t("case_no_names") },
  ], ({ whom, ...words }) => {
    const [key, value] = whom.split(" ");
    return sent("tasks", { ...words, [key]: value }, refresh);
  });
}

/** @param {any} each @param {() => Promise<void>} refresh */
function finish(each, refresh) {
  asking(said(each.title), [{ name: "result", title: t("case_result"), kind: "prose", how: t("case_no_names") }], async ({ result }) => {
    await ask(`/v1/tasks/${each.id}/done`, { body: { result } });
    await refresh();
  });
}

/** @param {string} part @param {unknown} body @param {() => Promise<void>} refresh */
async function sent(part, body, refresh) {
  await askCase(part, { body });
  await refresh();
}
