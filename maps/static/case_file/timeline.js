/** All that happened, in words, the latest first. */
import { said, t } from "../common/boot.js";
import { el } from "../common/dom.js";
import { moment } from "../common/time.js";

const MACHINES = ["system", "route"];

/** @param {{items: any[]}} told */
export function timeline({ items }) {
  return [
    el("h2", {}, t("case_timeline")),
    el("ol.done", {}, ...[...items].reverse().map((each) => el("li", {},
      el("time.when", { datetime: each.at }, moment(each.at)), el("span", {}, said(each.said)),
      MACHINES.includes(each.actor) ? null : el("span.quiet", {}, ` ${each.actor}`)))),
  ];
}
