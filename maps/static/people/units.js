/** The units, as codes to choose from and with the name, phone and capacity that the system administrator keeps. */
import { ask, told } from "../common/api.js";
import { may, t, titled } from "../common/boot.js";
import { el, one } from "../common/dom.js";

const card = one("#units");

export async function listUnits() {
  const { items } = await ask("/v1/units");
  one("#units-known").replaceChildren(...items.map((/** @type {any} */ unit) => el("option", { value: unit.code }, unit.name)));
  one("tbody", card).replaceChildren(...items.map(row));
}

/** @param {any} unit */
function row(unit) {
  if (!may("units")) {
    return el("tr", {}, el("td.mono", {}, unit.code), el("td", {}, unit.name), el("td", {}, titled("layer", unit.kind)), el("td", {}, unit.phone ?? ""), el("td", {}, unit.capacity ?? ""), el("td", {}));
  }
  const name = /** @type {HTMLInputElement} */ (el("input", { value: unit.name, maxlength: 100, "aria-label": t("unit_name") }));
  const phone = /** @type {HTMLInputElement} */ (el("input", { value: unit.phone ?? "", maxlength: 40, "aria-label": t("unit_phone") }));
  const capacity = /** @type {HTMLInputElement} */ (el("input", { type: "number", min: 1, max: 9999, value: unit.capacity ?? "", "aria-label": t("unit_capacity") }));
  const told_ = el("span.quiet", { role: "status" });
  const save = el("button.plain", { type: "button", click: () => keep(unit.code, { name, phone, capacity }, told_) }, t("person_save"));
  return el("tr", {}, el("td.mono", {}, unit.code), el("td", {}, name), el("td", {}, titled("layer", unit.kind)), el("td", {}, phone), el("td", {}, capacity), el("td", {}, told_, save));
}

/** @param {string} code @param {Record<"name" | "phone" | "capacity", HTMLInputElement>} fields @param {HTMLElement} place */
async function keep(code, { name, phone, capacity }, place) {
  const body = { name: name.value.trim(), phone: phone.value.trim() || null, capacity: Number(capacity.value) || null };
  place.textContent = await ask(`/v1/units/${encodeURIComponent(code)}`, { method: "PUT", body }).then(() => t("person_saved"), told);
}
