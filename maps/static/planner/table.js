/** The table beside the map, and the same as a file. */
import { figure, t } from "../common/boot.js";
import { el, one } from "../common/dom.js";

const MOST = 300;

/** @typedef {{title: string, of: (item: any) => string, cell?: (item: any) => Node}} Column */

/** @type {Column[]} */
const COUNTED = [
  { title: t("plan_count"), of: (item) => figure(item.total) },
  { title: t("plan_share"), of: (item) => percent(item.share) },
  { title: t("plan_change"), of: (item) => signed(item.change) },
  { title: t("plan_days"), of: (item) => (item.mean_days === null ? "–" : figure(item.mean_days, 1)) },
  { title: t("plan_on_time"), of: (item) => percent(item.on_time) },
];
/** @type {Column[]} */
const TESTED = [
  { title: t("plan_count"), of: (item) => figure(item.count) },
  { title: t("plan_z"), of: (item) => figure(item.z, 2) },
  { title: t("plan_p"), of: (item) => (item.adjusted_p < 0.001 ? "< 0.001" : figure(item.adjusted_p, 3)) },
  { title: t("plan_finding"), of: (item) => finding(item.heat), cell: (item) => el(`span.chip.${item.heat}`, {}, finding(item.heat)) },
];
const FINDINGS = { hot: t("heat_hot"), warm: t("heat_warm"), plain: t("heat_plain"), cool: t("heat_cool"), cold: t("heat_cold") };

/** @param {string} heat */
export const finding = (heat) => FINDINGS[/** @type {keyof FINDINGS} */ (heat)] ?? heat;

/** @param {number | null} share */
const percent = (share) => (share === null ? "–" : `${figure(share * 100, 1)}%`);
/** @param {number | null} share */
const signed = (share) => (share === null ? "–" : `${share > 0 ? "+" : ""}${figure(share * 100, 0)}%`);

/** The largest first; what is not worth a line is left to the file. @param {any} answer */
export function ranked(answer) {
  const worth = answer.method ? (/** @type {any} */ item) => Math.abs(item.z) : (/** @type {any} */ item) => item.total;
  return [...answer.items].sort((one, other) => worth(other) - worth(one));
}

/** @param {any} answer @param {(code: string) => void} chosen */
export function showTable(answer, chosen) {
  const columns = answer.method ? TESTED : COUNTED, items = ranked(answer);
  const shown = items.filter((item) => (answer.method ? item.heat !== "plain" || item.count > 0 : true)).slice(0, MOST);
  one("#table thead").replaceChildren(el("tr", {}, el("th", {}, t("plan_area")), ...columns.map(({ title }) => el("th", {}, title))));
  one("#table tbody").replaceChildren(...shown.map((item) => el("tr", {},
    el("td", {}, el("button.link", { type: "button", click: () => chosen(item.code) }, item.name ?? item.code)),
    ...columns.map(({ of, cell }) => el("td", {}, cell ? cell(item) : of(item))))));
  one("#first").textContent = t("plan_top", { many: figure(shown.length) });
  one("#first").hidden = shown.length === items.length;
}

/** A file that Excel opens as UTF-8. @param {any} answer */
export function save(answer) {
  const columns = answer.method ? TESTED : COUNTED;
  const lines = [["code", t("plan_area"), ...columns.map(({ title }) => title)],
    ...ranked(answer).map((item) => [item.code, item.name ?? "", ...columns.map(({ of }) => of(item))])];
  const text = lines.map((line) => line.map(quoted).join(",")).join("\r\n");
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  const link = /** @type {HTMLAnchorElement} */ (el("a", { href: url, download: `fengqiao-${answer.since}-${answer.until}.csv` }));
  link.click();
  URL.revokeObjectURL(url);
}

/** Quoted, and nothing that a spreadsheet would take for a formula (CWE-1236). @param {string} word */
const quoted = (word) => `"${(/^[=+@\t-](?!\d)/.test(word) ? `'${word}` : word).replaceAll('"', '""')}"`;
