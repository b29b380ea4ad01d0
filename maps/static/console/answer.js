/** Who answers for a place: three units first, then where exactly, each with its reason. */
import { distance, may, said, t, titled } from "../common/boot.js";
import { el } from "../common/dom.js";

const UNITS = ["street", "police", "justice"];
const GROUND = ["community", "grid"];

/** @param {string} confidence */
export function badge(confidence) {
  return el("span.chip", { "data-confidence": confidence }, titled("confidence", confidence));
}

/**
 * A card of one unit or area.
 * @param {string} kind
 * @param {{over: (Node | string | null)[], badge: Node, name: string, lines: (string | null)[], small?: boolean}} words
 */
export function unit(kind, { over, badge, name, lines, small = false }) {
  return el(small ? "article.unit.small" : "article.unit", { "data-layer": kind },
    el("div.over", {}, el("span.of", {}, ...over.filter(Boolean).flatMap((word, place) => (place ? [" · ", word] : [word]))), badge),
    el("div.who", {}, name),
    ...lines.filter(Boolean).map((line) => el("div.reason", {}, line)));
}

/** What the reason does not say already. @param {import("./types.js").Jurisdiction} found @returns {string | null} */
function besides(found) {
  if (found.confidence === "inside" && found.runner_up) return t("runner_up", { name: found.runner_up.name ?? found.runner_up.code });
  if (found.confidence === "override" && found.distance_m !== null) return t("to_the_line", { distance: distance(found.distance_m) });
  return null;
}

/** @param {string} kind @param {import("./types.js").Jurisdiction} found */
function card(kind, found) {
  const small = GROUND.includes(kind);
  const another = small || found.area_name === found.unit_name ? null : found.area_name;
  return unit(kind, {
    over: [titled("layer", kind), another, found.area_code && el("span.number", {}, found.area_code)],
    badge: badge(found.confidence),
    name: (small ? found.area_name : found.unit_name) ?? t("nobody"),
    lines: small ? [] : [said(found.reason), besides(found)],
    small,
  });
}

/** @param {import("./types.js").Said[]} reasons @param {string} [title] */
export function verdict(reasons, title = t("needs_person")) {
  const words = [...new Set(reasons.map(said))];
  return el("div.verdict", {}, el("strong", {}, title), el("ul", {}, ...words.map((word) => el("li", {}, word))));
}

/** The cards of a route. @param {import("./types.js").Route} route @param {string[]} [kinds] */
export function cards(route, kinds = [...UNITS, ...GROUND]) {
  return el("div.units", {}, ...kinds.filter((kind) => kind in route.layers).map((kind) => card(kind, route.layers[kind])));
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
    el("div.actions", {}, may("file") ? el("button.primary", { type: "button", click: file }, t("file_here")) : null),
    footnote(route));
}
