/** Correcting place or category: first what would become of the units, then doing it. */
import { boot, t, titled } from "../common/boot.js";
import { asking } from "../common/dialog.js";
import { el } from "../common/dom.js";
import { askCase } from "./case.js";

/** @param {() => Promise<void>} refresh */
export function reroute(refresh) {
  asking(t("reroute"), [
    { name: "category", title: t("reroute_category"), kind: "choice", choices: boot.categories, optional: true },
    { name: "place", title: t("reroute_place"), how: t("reroute_place_how") },
    { name: "reason", title: t("case_reason"), kind: "prose", how: t("case_no_names") },
  ], async ({ category, place, reason }) => {
    const body = { category: category || null, place: coordinate(place), reason };
    const found = await askCase("reroute", { body: { ...body, preview: true } });
    // The first dialog closes when this is done; the second one opens after it.
    setTimeout(() => confirm(body, found, refresh));
  });
}

/** "123.45, 41.80" as the API takes it; null for nothing. @param {string} words */
function coordinate(words) {
  if (!words.trim()) return null;
  const [lon, lat] = words.split(/[,，\s]+/).map(Number);
  return { lon, lat: lat ?? NaN, datum: "wgs84" };
}

/** @param {any} body @param {any} found @param {() => Promise<void>} refresh */
function confirm(body, found, refresh) {
  const listed = (/** @type {string} */ title, /** @type {any[]} */ units) => el("div.inside", {}, el("h3", {}, title),
    el("ul", {}, ...units.map((each) => el("li", {}, `${each.unit_name} · ${titled("role", each.role)}`, found.leaving.includes(each.unit_code) ? ` · ${t("reroute_leaves")}` : ""))));
  asking(t("reroute_confirm"), [
    found.changed ? listed(t("rules_before"), found.before) : el("p", {}, t("reroute_same")),
    ...(found.changed ? [listed(t("rules_after"), found.after)] : []),
  ], async () => {
    await askCase("reroute", { body });
    await refresh();
  });
}
