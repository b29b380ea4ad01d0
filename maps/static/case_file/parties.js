/** The people of the case, masked; a field is shown in the clear for a reason, and that is recorded. */
import { ask } from "../common/api.js";
import { may, said, t, titled } from "../common/boot.js";
import { asking } from "../common/dialog.js";
import { el } from "../common/dom.js";

/** @param {{items: any[]}} known */
export function parties({ items }) {
  return [
    el("h2", {}, t("case_parties")),
    items.length ? el("ul.parts", {}, ...items.map(party)) : el("p.quiet", {}, t("case_no_parties")),
  ];
}

/** @param {any} each */
function party(each) {
  const clear = el("p.clear", { role: "status", hidden: true });
  const fields = Object.entries(each.fields).filter(([name]) => name !== "name").map(([name, masked]) => `${titled("field", name)} ${masked}`);
  return el("li", {},
    el("div.row", {}, el("strong", {}, each.shown), el("span.chip", {}, `${said(each.side_title)} · ${said(each.role_title)}`),
      each.protected ? el("span.chip.warn", {}, t("case_protected")) : null, each.anonymous ? el("span.chip", {}, t("case_anonymous")) : null),
    fields.length ? el("p.quiet", {}, fields.join(" · ")) : null,
    may("reveal") && Object.keys(each.fields).length ? el("button.link", { type: "button", click: () => reveal(each, clear) }, t("case_reveal")) : null, clear);
}

/** @param {any} each @param {HTMLElement} place */
function reveal(each, place) {
  const choices = Object.fromEntries(Object.keys(each.fields).map((name) => [name, titled("field", name)]));
  asking(t("case_reveal"), [
    { name: "field", title: t("case_field"), kind: "choice", choices },
    { name: "reason", title: t("case_reason"), how: t("case_reveal_how") },
  ], async ({ field, reason }) => {
    const { value } = await ask(`/v1/parties/${encodeURIComponent(each.id)}/reveal`, { body: { field, reason } });
    place.textContent = `${titled("field", field)} ${value}`;
    place.hidden = false;
  });
}
