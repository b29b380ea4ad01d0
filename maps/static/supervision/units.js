/** Running clocks in four figures, and by unit. */
import { figure, t } from "../common/boot.js";
import { all, el, one, reconcile } from "../common/dom.js";

export const STATES = ["red", "yellow", "reminded", "on_time"];
const rows = one("#units tbody"), none = one("#none-running");

/** @param {any[]} counts @param {string} state */
const sum = (counts, state) => counts.reduce((total, each) => total + each[state], 0);

/** @param {any[]} counts */
export function showTiles(counts) {
  for (const tile of all("#tiles dd")) {
    const many = sum(counts, tile.dataset.state);
    tile.textContent = figure(many);
    tile.toggleAttribute("data-none", many === 0);
  }
}

/** The name of whoever has to act. @param {{unit_code: string | null, unit_name: string | null}} each */
export const unitOf = (each) => (each.unit_code === null ? t("board_centre") : each.unit_name ?? each.unit_code);

/** @param {any[]} counts by kind and unit, those with most cards first @returns {any[]} by unit alone */
function byUnit(counts) {
  const sums = [...grouped(counts)].map(([code, of]) => ({ code, name: unitOf(of[0]), ...Object.fromEntries(STATES.map((state) => [state, sum(of, state)])) }));
  return sums.sort((one, other) => other.red - one.red || other.yellow - one.yellow || other.reminded - one.reminded || one.name.localeCompare(other.name));
}

/** @param {{unit_code: string | null}} each */
export const key = (each) => each.unit_code ?? "";

/** @param {any[]} counts @returns {Map<string, any[]>} */
function grouped(counts) {
  const units = new Map();
  for (const each of counts) units.set(key(each), [...(units.get(key(each)) ?? []), each]);
  return units;
}

/** @param {any[]} counts @param {string | null} chosen @param {(unit: string) => void} choose */
export function showUnits(counts, chosen, choose) {
  const units = byUnit(counts).map((unit) => ({ ...unit, chosen: unit.code === chosen }));
  reconcile(rows, units, (unit) => unit.code, (unit) => row(unit, choose));
  none.hidden = units.length > 0;
}

/** @param {any} unit @param {(unit: string) => void} choose */
function row(unit, choose) {
  const name = el("button.link", { type: "button", "aria-pressed": String(unit.chosen), click: () => choose(unit.code) }, unit.name);
  const figures = STATES.map((state) => el(`td.${unit[state] ? state : "zero"}`, {}, figure(unit[state])));
  return el("tr", { "aria-selected": String(unit.chosen) }, el("td", {}, name), ...figures);
}
