/** Who will answer for the chosen place: street, police station, justice office, each with its reason. */
import { Problem, Unreachable, ask, told } from "../common/api.js";
import { said, t, titled } from "../common/boot.js";
import { el, one } from "../common/dom.js";

const KINDS = ["street", "police", "justice"];
const list = one("#answering");
let asked = 0;

/** @param {{lon: string, lat: string, radius_m: string} | null} place */
export async function showAnswering(place) {
  const turn = ++asked;
  if (!place) return draw([]);
  try {
    const { lon, lat, radius_m: accuracy_m } = place;
    const { layers } = await ask("/v1/route", { words: { lon, lat, datum: "wgs84", accuracy_m } });
    if (turn === asked) draw(KINDS.filter((kind) => kind in layers).map((kind) => unit(kind, layers[kind])));
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    if (turn === asked) draw([el("li.fault", {}, told(error))]);
  }
}

/** @param {string} kind @param {import("../console/types.js").Jurisdiction} found */
function unit(kind, { unit_name, confidence, reason }) {
  return el("li", { "data-layer": kind, title: said(reason) },
    el("small", {}, titled("layer", kind)), el("strong", {}, unit_name ?? t("nobody")),
    el("span.chip", { "data-confidence": confidence }, titled("confidence", confidence)),
    confidence === "inside" ? null : el("small.why", {}, said(reason)));
}

/** @param {HTMLElement[]} lines */
function draw(lines) {
  list.replaceChildren(...lines);
  list.hidden = lines.length === 0;
}
