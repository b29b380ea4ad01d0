/** A person as a row, and what state an account is in. */
import { said, t } from "../common/boot.js";
import { el } from "../common/dom.js";
import { moment } from "../common/time.js";

/** @param {any} person */
export function state(person) {
  if (person.disabled_at) return el("span.chip.bad", {}, t("state_disabled"));
  if (person.locked_until) return el("span.chip.warn", {}, t("state_locked", { time: moment(person.locked_until) }));
  return el("span.chip", {}, t("state_active"));
}

/** @param {any} person */
export const roles = (person) => person.roles.map((/** @type {any} */ role) => said(role.title)).join("、") || t("roles_none");

/** @param {any} person of GET /v1/people @param {() => void} open */
export function row(person, open) {
  return el("tr", {},
    el("td", {}, el("button.link", { type: "button", click: open }, person.full_name)),
    el("td.mono", {}, person.sign_in_name),
    el("td", {}, roles(person)),
    el("td", {}, [person.unit_code, person.area_prefix].filter(Boolean).join(" · ")),
    el("td.left", {}, state(person)));
}
