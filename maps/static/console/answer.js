/** Who answers for a place: three units first, then where exactly, each with its reason. */
import { distance, said, t, titled } from "./boot.js";
import { el } from "./dom.js";

const UNITS = ["street", "police", "justice"];
const GROUND = ["community", "grid"];
const LARGE = 1e6;

/** @param {string} confidence */
export function badge(confidence) {
  return el("span.chip", { "data-confidence": confidence }, titled("confidence", confidence));
}

/** @param {string} layer @param {import("./types.js").Jurisdiction} found @param {boolean} small */
function card(layer, found, small) {
  const area = [found.area_name, found.area_code].filter(Boolean).join(" · ");
  const far = found.distance_m !== null && found.distance_m < LARGE;
  return el(small ? "article.unit.small" : "article.unit", { "data-layer": layer },
    el("div.over", {}, el("span", {}, titled("layer", layer)), badge(found.confidence)),
    el("div.who", {}, (small ? found.area_name : found.unit_name) ?? t("nobody")),
    el("div.area.number", {}, small ? found.area_code : area),
    small ? null : el("div.facts", {},
      far ? el("span", {}, t("to_the_line", { distance: distance(/** @type {number} */ (found.distance_m)) })) : null,
      found.runner_up ? el("span", {}, t("runner_up", { name: found.runner_up.name ?? found.runner_up.code })) : null),
    small ? null : el("div.reason", {}, said(found.reason)));
}

/** @param {import("./types.js").Said[]} reasons @param {string} [title] */
export function verdict(reasons, title = t("needs_person")) {
  const words = [...new Set(reasons.map(said))];
  return el("div.verdict", {}, el("strong", {}, title), el("ul", {}, ...words.map((word) => el("li", {}, word))));
}

/** The cards of a route. @param {import("./types.js").Route} route */
export function cards(route) {
  const known = (/** @type {string} */ layer) => layer in route.layers;
  return el("div.units", {},
    ...UNITS.filter(known).map((layer) => card(layer, route.layers[layer], false)),
    ...GROUND.filter(known).map((layer) => card(layer, route.layers[layer], true)));
}

/** @param {import("./types.js").Route} route */
export function footnote(route) {
  return el("p.foot", {}, t("by_edition", { on: route.on, edition: route.edition_id }));
}

/** @param {number} lon @param {number} lat */
export const coordinates = (lon, lat) => `${lon.toFixed(6)}, ${lat.toFixed(6)}`;

/** Area codes by kind, to be lit up on the map. @param {import("./types.js").Route} route */
export function answering(route) {
  const found = Object.entries(route.layers).filter(([, each]) => each.area_code);
  return Object.fromEntries(found.map(([kind, each]) => [kind, [/** @type {string} */ (each.area_code)]]));
}

/**
 * The whole sheet. @param {import("./types.js").Route} route @param {number} radius
 * @param {() => void} file what "file a report here" does
 */
export function sheet(route, radius, file) {
  return el("div.sheet", {},
    el("div.head", {}, el("h2", {}, t("who")),
      route.needs_person ? el("span.chip.warn", {}, t("needs_person")) : el("span.chip", { "data-confidence": "inside" }, t("clear")),
      el("span.where", {}, coordinates(route.lon, route.lat), radius > 0 ? ` · ${t("accuracy", { radius: Math.round(radius) })}` : "")),
    route.needs_person ? verdict(route.reasons) : null,
    cards(route),
    el("div.actions", {}, el("button.primary", { type: "button", click: file }, t("file_here"))),
    footnote(route));
}
