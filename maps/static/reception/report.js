/** The report as the API takes it, from what stands in the form. */
import { t } from "../common/boot.js";
import { fromLocal } from "../common/time.js";
import { answers } from "./category.js";

/** @typedef {Record<string, string>} Content */

/** @param {Content} content @param {boolean} synthetic  whether the ground is made up */
export function report(content, synthetic) {
  return {
    kind: "dispute",
    category: content.category,
    subcategory: content.subcategory ?? null,
    answers: answers(content),
    text: text(content),
    occurred_at: fromLocal(content.occurred_at),
    source: content.source,
    people_involved: Number(content.people_involved),
    place: place(content),
    synthetic,
  };
}

/**
 * Where it is: as it was written where the server places that by itself, else the chosen spot.
 * @param {Content} content
 */
export function place({ lon, lat, radius_m, decided, address }) {
  if (!lon || decided) return { address: (address ?? "").trim() };
  return { lon: Number(lon), lat: Number(lat), datum: "wgs84", accuracy_m: Number(radius_m) };
}

/** What was told; beside a spot the address stands in words, since the spot does not say it. @param {Content} content */
function text(content) {
  const told = (content.text ?? "").trim();
  if (!content.lon || content.decided) return told;
  const written = content.written && content.written !== content.address ? `（${content.written}）` : "";
  return `${told}\n${t("reception_at", { address: `${content.address}${written}` })}`;
}

/** What a person can see at once, told without asking the server. @param {Content} content @returns {[string, string][]} */
export function missing({ category, text: told, address, occurred_at, people_involved }) {
  return [
    ...must("text", told?.trim()),
    ...must("category", category),
    ...must("place", address?.trim()),
    ...must("occurred_at", occurred_at),
    ...must("people_involved", Number(people_involved) >= 1),
  ];
}

/** @param {string} name @param {unknown} given @returns {[string, string][]} */
const must = (name, given) => (given ? [] : [[name, t("must_fill")]]);
