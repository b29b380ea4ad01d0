/** The limits that hold, and who changed them when and why. */
import { ask, told } from "../common/api.js";
import { boot, said, t } from "../common/boot.js";
import { el, one } from "../common/dom.js";
import { moment } from "../common/time.js";

const section = one("#limits"), history = one("details", section);

/** For which cases a limit is. @param {any} limit */
function applies(limit) {
  const grade = limit.grade && boot.grades[limit.grade];
  const category = limit.category && (boot.categories[limit.category] ?? limit.category);
  const whistle = limit.whistle && t(`limit_whistle_${limit.whistle}`);
  return [whistle, grade, category].filter(Boolean).join(" · ") || t("limits_any");
}

/** @param {any} limit */
function row(limit) {
  const changed = limit.default ? null : el("span.chip", {}, t("limits_set"));
  return el("tr", {}, el("td", {}, said(limit.title)), el("td", {}, applies(limit)), el("td", {}, said(limit.words), " ", changed));
}

/** @param {any} change @param {Record<string, string>} titles of the kinds */
function line(change, titles) {
  const words = `${titles[change.kind] ?? change.kind} · ${applies(change)} → ${said(change.words)}`;
  return el("li", {}, el("div", {}, words), el("small.quiet", {}, `${moment(change.set_at)} · ${change.reason}`));
}

/** @param {any} found the answer of GET /v1/limits */
function show({ items, changes }) {
  const titles = Object.fromEntries(items.map((/** @type {any} */ each) => [each.kind, said(each.title)]));
  one("tbody", section).replaceChildren(...items.map(row));
  one("ol", history).replaceChildren(...changes.map((/** @type {any} */ each) => line(each, titles)));
  history.hidden = changes.length === 0;
}

await ask("/v1/limits").then(show, (error) => one(".quiet", section).append(` ${told(error)}`));
