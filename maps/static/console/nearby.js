/** Who was seen near a case, how far away and how long ago. */
import { ask, told } from "../common/api.js";
import { distance, t } from "../common/boot.js";
import { el } from "../common/dom.js";

const MINUTE = 60, HOUR = 3600;

/** A list that fills itself. @param {number} lon @param {number} lat */
export function nearby(lon, lat) {
  const list = el("ul.near", { "aria-live": "polite" }, el("li", {}, t("asking")));
  ask("/v1/nearby", { words: { lon: lon.toFixed(6), lat: lat.toFixed(6), limit: 5 } })
    .then(({ items }) => list.replaceChildren(...(items.length ? items.map(row) : [el("li", {}, t("nearby_none"))])))
    .catch((error) => list.replaceChildren(el("li", {}, `${t("nearby_failed")} · ${told(error)}`)));
  return list;
}

/** @param {any} near */
function row({ person_name: person, unit_name: unit, distance_m: metres, age_s: age, fresh }) {
  return el("li", {}, el("span", {}, `${unit} · ${person}`), el("b", {}, distance(metres)),
    el(fresh ? "span.when" : "span.when.old", {}, ago(age)));
}

/** How long ago, in words. @param {number} seconds */
function ago(seconds) {
  if (seconds < MINUTE) return t("nearby_now");
  if (seconds < HOUR) return t("nearby_ago", { minutes: Math.floor(seconds / MINUTE) });
  return t("nearby_hours", { hours: Math.floor(seconds / HOUR) });
}
