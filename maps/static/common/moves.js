/** What a unit does with a case: asked for in a dialog, sent, on behalf of a unit where it is not one's own. */
import { ask } from "./api.js";
import { boot, may, said, t } from "./boot.js";
import { asking } from "./dialog.js";
import { SpotField } from "./spot.js";

const UNITS_OWN = ["sign", "contact", "report-in", "deliver", "return"];

/** @typedef {{number: string, unit_code: string, unit_name: string}} Part  a unit's part in a case */

/** Name by code of every unit, with what it has to do where the asker may know. @returns {Promise<Record<string, string>>} */
export async function known() {
  const [{ items }, load] = await Promise.all([ask("/v1/units"), may("load") ? ask("/v1/units/load") : { items: [] }]);
  /** @type {Record<string, number>} */
  const busy = {};
  for (const { unit_code: code, many } of load.items) busy[code] = (busy[code] ?? 0) + many;
  return Object.fromEntries(items.map((/** @type {any} */ each) => [each.code, `${each.name}${loaded(busy[each.code] ?? 0, each.capacity)}`]));
}

/** @param {number} many @param {number | null} capacity */
function loaded(many, capacity) {
  if (!may("load")) return "";
  if (capacity === null) return t("unit_load", { many });
  return many >= capacity ? t("unit_full", { many, capacity }) : t("unit_load_of", { many, capacity });
}

/** @param {Part} part @param {string} move @param {unknown} [body] */
export const sendMove = ({ number, unit_code: unit }, move, body = {}) =>
  ask(`/v1/cases/${encodeURIComponent(number)}/assignments/${encodeURIComponent(unit)}/${move}`, { body });

/** @param {Part} part @param {any} move  as the API offers it @param {() => Promise<void>} done */
export async function make(part, move, done) {
  const behalf = UNITS_OWN.includes(move.move) && part.unit_code !== boot.unit;
  const title = behalf ? t("case_behalf", { unit: part.unit_name, move: said(move.title) }) : `${part.unit_name}: ${said(move.title)}`;
  const spot = move.move === "report-in" && !behalf ? new SpotField() : null;
  const fields = [
    ...(behalf ? [/** @type {const} */ ({ name: "channel", title: t("case_channel"), kind: "choice", choices: boot.means }), { name: "said_by", title: t("case_said_by") }] : []),
    ...(move.move === "transfer" ? [/** @type {const} */ ({ name: "to", title: t("case_to_unit"), kind: "choice", choices: await known() })] : []),
    /** @type {const} */ ({ name: "words", title: t(move.words ? "case_reason" : "case_words"), kind: "prose", how: t("case_no_names") }),
    ...(spot ? [spot.place] : []),
  ];
  asking(title, fields, async ({ channel, said_by, to, words }) => {
    const on_behalf = behalf ? { channel, said_by } : null, where = spot?.given() ?? null;
    await sendMove(part, move.move, { words: words || null, to: to ?? null, on_behalf, spot: where });
    await done();
  });
}
