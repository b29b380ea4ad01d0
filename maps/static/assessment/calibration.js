/** Whether the grades told what came. */
import { ask } from "../common/api.js";
import { boot, figure, t } from "../common/boot.js";
import { el, one } from "../common/dom.js";
import { local } from "../common/time.js";

const DAY_MS = 86_400_000, YEAR_DAYS = 365;
const from = one("#from"), to = one("#to");

/** One to four are not told. @param {number | null} many */
const shown = (many) => (many === null ? t("assess_few") : figure(many));
/** @param {number} share */
const percent = (share) => `${figure(share * 100, 1)} %`;

async function refresh() {
  if (!from.value || !to.value || from.value > to.value) return;
  const { by_grade, confusion } = await ask("/v1/risk/calibration", { words: { from: from.value, to: to.value } });
  one("#by-grade").replaceChildren(...by_grade.map(row));
  one("#pairs").replaceChildren(...(confusion.length ? confusion.map(pair) : [el("li", {}, t("assess_no_agreement"))]));
}

/** @param {any} each */
function row({ grade, cases, escalated, share, overridden }) {
  const said = share ? `${percent(share.value)}（${percent(share.low)}–${percent(share.high)}）` : "—";
  return el("tr", {}, el("td", {}, el(`span.chip.grade.${grade}`, {}, boot.grades[grade])),
    el("td.mono", {}, shown(cases)), el("td.mono", {}, shown(escalated)), el("td.mono", {}, said), el("td.mono.left", {}, shown(overridden)));
}

/** @param {any} each */
const pair = ({ system, person, cases }) => el("li", {}, `${boot.grades[system]} → ${boot.grades[person]}：${shown(cases)}`);

export function startCalibration() {
  const now = new Date();
  to.value = local(now).slice(0, 10);
  from.value = local(new Date(now.getTime() - YEAR_DAYS * DAY_MS)).slice(0, 10);
  for (const field of [from, to]) field.addEventListener("change", refresh);
  return refresh();
}
