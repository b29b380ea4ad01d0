/** Cases that belong to this one. */
import { said, t, titled } from "../common/boot.js";
import { el } from "../common/dom.js";

/** @param {{items: any[]}} known */
export function links({ items }) {
  return [
    el("h2", {}, t("case_links")),
    el("ul.parts", {}, ...items.map((each) => el("li", {},
      el("div.row", {}, el("a.number", { href: `/cases/${encodeURIComponent(each.number)}` }, each.number), el("span.chip", {}, titled("link", each.kind)), el("span.chip", {}, said(each.state))),
      el("p.quiet", {}, each.reason)))),
  ];
}
