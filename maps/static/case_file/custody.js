/** First-asked custody: who is answerable, hand-overs that wait, and the whole chain. */
import { boot, may, t } from "../common/boot.js";
import { asking } from "../common/dialog.js";
import { el } from "../common/dom.js";
import { known } from "../common/moves.js";
import { moment } from "../common/time.js";
import { askCase } from "./case.js";

/** @type {Record<string, string>} */
const WAYS = { in_person: t("custody_in_person"), phone: t("custody_phone"), system: t("custody_system") };

/** @param {{items: any[], over: boolean}} chain @param {() => Promise<void>} refresh */
export function custody({ items, over }, refresh) {
  const last = items.at(-1);
  return [
    el("h2", {}, t("custody")),
    el("ol.chain", {}, ...items.map(link)),
    last?.offer ? el("p.clear", {}, t("custody_waits", { to: last.offer.to_name, at: moment(last.offer.offered_at) })) : null,
    may("pass_on") && last && !over ? el("div.actions", {},
      last.offer && signs(last.offer) ? el("button.primary", { type: "button", click: () => sign(refresh) }, t("custody_sign")) : null,
      el("button.plain", { type: "button", click: () => handOver(refresh) }, t("custody_hand_over"))) : null,
  ];
}

/** The receiver signs, or the centre for them. @param {any} offer */
const signs = ({ to_unit: unit, to_id: person }) => may("assess") || (unit !== null && unit === boot.unit) || person === boot.me;

/** @param {any} each */
function link(each) {
  const name = each.holder_name === "system" ? t("custody_house") : each.holder_name;
  return el(each.given_at ? "li" : "li.now", {}, el("b", {}, name),
    el("span.quiet", {}, each.given_at ? `${moment(each.taken_at)} – ${moment(each.given_at)}` : t("custody_since", { at: moment(each.taken_at) })),
    each.signed_how ? el("span.quiet", {}, WAYS[each.signed_how]) : null);
}

/** @param {() => Promise<void>} refresh */
async function handOver(refresh) {
  asking(t("custody_hand_over"), [
    { name: "unit_code", title: t("custody_to"), kind: "choice", choices: await known() },
    { name: "how", title: t("custody_how"), kind: "choice", choices: WAYS },
    { name: "reason", title: t("case_reason"), kind: "prose", how: t("case_no_names") },
  ], async ({ unit_code, how, reason }) => {
    await askCase("custody/hand-over", { body: { unit_code, how, reason } });
    await refresh();
  });
}

/** Who signs for somebody else says how and who told it. @param {() => Promise<void>} refresh */
function sign(refresh) {
  asking(t("custody_sign"), [
    { name: "how", title: t("custody_how"), kind: "choice", choices: WAYS, value: boot.unit ? "system" : "phone" },
    { name: "reason", title: t("custody_who_told"), how: t("custody_who_told_how") },
  ], async ({ how, reason }) => {
    await askCase("custody/sign", { body: { how, reason: reason || null } });
    await refresh();
  });
}
