/** The rules in their order, with what can be done with each. */
import { t } from "../common/boot.js";
import { el, one } from "../common/dom.js";
import { toldFault } from "../common/api.js";
import { conditions, consequences } from "./words.js";

/**
 * @param {any[]} rules
 * @param {any[]} faults  of the API, by place: rules.0.when
 * @param {{move: (place: number, by: number) => void, edit: (place: number) => void, remove: (place: number) => void} | null} hand
 */
export function showRules(rules, faults, hand) {
  one("#rules").replaceChildren(...rules.map((rule, place) => el("li", {},
    el("strong", {}, rule.title),
    el("p.words", {}, conditions(rule.when)),
    el("p.then", {}, consequences(rule.then)),
    hand ? buttons(rule, place, rules.length, hand) : null,
    ...faults.filter(({ where }) => where.split(".")[1] === String(place)).map((fault) => el("p.fault", { role: "alert" }, toldFault(fault))))));
}

/** @param {any} rule @param {number} place @param {number} many @param {any} hand */
function buttons({ title }, place, many, hand) {
  const button = (/** @type {string} */ sign, /** @type {string} */ said, /** @type {() => void} */ click, disabled = false) =>
    el("button", { type: "button", "aria-label": said, title: said, disabled, click }, sign);
  return el("div.hand", {},
    button("↑", t("rules_up", { title }), () => hand.move(place, -1), place === 0),
    button("↓", t("rules_down", { title }), () => hand.move(place, 1), place === many - 1),
    button("✎", t("rules_edit", { title }), () => hand.edit(place)),
    button("✕", t("rules_delete", { title }), () => hand.remove(place), many === 1));
}
