/** What the unit has to do: each case with what comes next. */
import { told } from "../common/api.js";
import { boot, said, t, titled } from "../common/boot.js";
import { el } from "../common/dom.js";
import { make, sendMove } from "../common/moves.js";
import { span } from "../common/span.js";

const ON = ["sign", "contact", "report-in", "deliver"];

/** Which cases each filter shows. @type {Record<string, (item: any, now: Date) => boolean>} */
export const FILTERS = {
  all: () => true,
  unsigned: (item) => item.stage === "offered",
  late: (item, now) => item.due_at !== null && new Date(item.due_at) < now,
  lead: (item) => item.role === "lead",
};

/** @param {string | null} due @param {Date} now */
export function dueWords(due, now) {
  if (due === null) return t("inbox_no_due");
  const seconds = (new Date(due).getTime() - now.getTime()) / 1000;
  return seconds < 0 ? t("inbox_over", { time: span(-seconds) }) : t("inbox_left", { time: span(seconds) });
}

/** @param {any} item @param {{unit_code: string, unit_name: string}} unit @param {() => Promise<void>} refresh */
export function task(item, unit, refresh) {
  const part = { ...unit, number: item.case_number };
  const fault = el("p.fault", { role: "alert", hidden: true });
  const category = boot.categories[item.category] ?? item.category;
  const [next, more] = [item.moves.filter(goesOn), item.moves.filter((/** @type {any} */ move) => !goesOn(move))];
  return el(`li.task.${item.grade ?? "none"}`, {},
    el("div.row", {}, el("h3", {}, item.title || category), el("span.chip", {}, titled("role", item.role)), el(`span.chip.stage.${item.stage}`, {}, said(item.stage_title))),
    el(item.late ? "p.due.late" : "p.due", {}, item.due),
    el("p.told", {}, item.text),
    el("p.quiet", {}, [item.title ? category : null, t("case_people", { many: item.people_involved }), item.address].filter(Boolean).join(" · ")),
    el("p", {}, el("a.number", { href: `/cases/${encodeURIComponent(item.case_number)}` }, item.case_number)),
    fault,
    next.length ? el("div.actions", {}, ...next.map((/** @type {any} */ move, /** @type {number} */ place) => button(place ? "plain" : "primary", part, move, fault, refresh))) : null,
    more.length ? el("details", {}, el("summary", {}, t("inbox_more")), el("div.actions", {}, ...more.map((/** @type {any} */ move) => button("plain", part, move, fault, refresh)))) : null);
}

/** @param {any} move */
const goesOn = (move) => ON.includes(move.move);

/** Signing is one tap; everything else asks for words. @param {string} look @param {any} part @param {any} move @param {HTMLElement} fault @param {() => Promise<void>} refresh */
function button(look, part, move, fault, refresh) {
  const made = /** @type {HTMLButtonElement} */ (el(`button.${look}`, { type: "button", click: () => (move.move === "sign" ? sign() : make(part, move, refresh)) }, said(move.title)));
  const sign = async () => {
    if (made.disabled) return;
    made.disabled = true;
    try {
      await sendMove(part, "sign");
      await refresh();
    } catch (error) {
      fault.textContent = t("inbox_not_sent", { why: told(error) });
      fault.hidden = false;
      made.disabled = false;
    }
  };
  return made;
}
