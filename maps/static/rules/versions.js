/** Every version: who made it and why, and putting a draft in force. */
import { ask } from "../common/api.js";
import { may, t } from "../common/boot.js";
import { asking } from "../common/dialog.js";
import { el, one } from "../common/dom.js";
import { moment } from "../common/time.js";

/** @param {any[]} versions @param {{load: (version: any) => void, changed: (answer: any) => void}} hand */
export function showVersions(versions, hand) {
  one("#no-versions").hidden = versions.length > 0;
  one("#versions").replaceChildren(...versions.map((each) => row(each, hand)));
}

/** @param {any} each @param {any} hand */
function row(each, { load, changed }) {
  const version = each.id, holds = each.in_force_from !== null && each.superseded_at === null;
  const standing = holds ? t("rules_holds") : each.superseded_at ? t("rules_was") : t("rules_draft");
  return el(holds ? "li.holds" : "li", {},
    el("div.row", {}, el("strong", {}, t("rules_version", { version })), el("span.chip", {}, standing)),
    el("p.why", {}, t("rules_made", { by: each.author, at: moment(each.made_at), reason: each.reason })),
    each.activator ? el("p.quiet", {}, t("rules_activated", { by: each.activator })) : null,
    each.in_force_from === null && each.mine ? el("p.quiet", {}, t("rules_own")) : null,
    may("change") ? el("div.actions", {},
      el("button.link", { type: "button", click: () => load(each) }, t("rules_load", { version })),
      each.in_force_from === null && !each.mine ? el("button.primary", { type: "button", click: () => activate(version, changed) }, t("rules_activate", { version })) : null) : null);
}

/** @param {number} version @param {(answer: any) => void} changed */
function activate(version, changed) {
  asking(t("rules_activate", { version }), [{ name: "reason", title: t("case_reason"), kind: "prose" }],
    async ({ reason }) => changed(await ask(`/v1/rules/${version}/activation`, { body: { reason } })));
}
