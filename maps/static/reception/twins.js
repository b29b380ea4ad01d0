/** Near-duplicates beside the form while it is filled in: perhaps the matter is known already. */
import { Problem, Unreachable, ask, told } from "../common/api.js";
import { boot, distance, said, t } from "../common/boot.js";
import { el, one, reconcile } from "../common/dom.js";
import { fromLocal } from "../common/time.js";
import { parties, partyFaults } from "./parties.js";
import { afterPause } from "../common/pause.js";
import { place } from "./report.js";

const PAUSE_MS = 500, LEAST_LETTERS = 4, TELLING = 0.5;
const UNITS = /** @type {[Intl.RelativeTimeFormatUnit, number][]} */ ([["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000]]);
const AGO = new Intl.RelativeTimeFormat(boot.language, { numeric: "auto" });

/** @typedef {import("../console/types.js").Said} Said */
/** @typedef {{case_number: string, state: Said, category: string, title: string | null, received_at: string, street: string | null,
 *   distance_m: number | null, score: number, likely: boolean, reasons: {dimension: string, title: Said, alike: number, words: Said}[]}} Twin */

const list = one("#twins .twins"), words = one("#twins-said");

export class Twins {
  /** @param {() => Record<string, string>} content  what is filled in */
  constructor(content) {
    this.content = content;
    this.asked = 0;
    this.sent = "";
    this.later = afterPause(PAUSE_MS, () => this.look());
  }

  /** Ask once more if what is compared changed; an answer that was overtaken is dropped. */
  async look() {
    const body = compared(this.content()), sent = JSON.stringify(body);
    if (sent === this.sent) return;
    this.sent = sent;
    const turn = ++this.asked;
    if (!body) return show([], t("twins_how"));
    try {
      const { items } = await ask("/v1/duplicates/search", { body });
      if (turn === this.asked) show(items, items.length ? "" : t("twins_none"));
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      if (turn !== this.asked) return;
      this.sent = "";
      show([], `${t("twins_failed")} · ${told(error)}`);
    }
  }
}

/** What is known so far as the API takes it; null while it says nothing. @param {Record<string, string>} content */
function compared(content) {
  const { category, address, occurred_at, people_involved } = content, text = (content.text ?? "").trim();
  const people = Number(people_involved);
  const known = partyFaults(content).length ? [] : parties(content).map(({ side, role, ...identity }) => identity);
  if (text.length < LEAST_LETTERS && !known.length && !(category && address)) return null;
  return {
    ...(category ? { category } : {}),
    text,
    ...(address?.trim() ? { place: place(content) } : {}),
    ...(occurred_at ? { occurred_at: fromLocal(occurred_at) } : {}),
    ...(people >= 1 ? { people_involved: people } : {}),
    parties: known,
  };
}

/** @param {Twin[]} items @param {string} instead */
function show(items, instead) {
  words.textContent = instead;
  words.hidden = !instead;
  reconcile(list, items, (each) => each.case_number, line);
}

/** @param {Twin} twin */
function line({ case_number: number, state, category, title, received_at, street, distance_m, likely, reasons }) {
  const path = `/cases/${encodeURIComponent(number)}`;
  const alike = reasons.filter((each) => each.alike >= TELLING && each.dimension !== "place");
  return el(likely ? "li.likely" : "li", {},
    el("div.row", {}, el("a.number", { href: path, target: "_blank", rel: "noopener" }, number), likely ? el("span.chip.warn", {}, t("twins_likely")) : null, el("span.chip", {}, said(state))),
    el("p", {}, [title ?? titleOf(category), street].filter(Boolean).join(" · ")),
    el("p.facts", {}, [distance_m === null ? t("twins_no_place") : t("twins_away", { distance: distance(distance_m) }), t("twins_received", { ago: ago(received_at) })].join(" · ")),
    el("p.why", {}, ...alike.map((each) => el("span.chip", {}, said(each.words)))),
    el("a.plain", { href: path, "aria-label": `${t("twins_same")}：${number}` }, t("twins_same")));
}

/** @param {string} code */
const titleOf = (code) => said(boot.categories.find((/** @type {any} */ each) => each.code === code)?.title) || code;

/** How long ago, in words. @param {string} iso */
function ago(iso) {
  const passed = Date.now() - new Date(iso).getTime();
  const [unit, length] = UNITS.find(([, each]) => passed >= each) ?? [];
  if (!unit || !length) return t("twins_just_now");
  return AGO.format(-Math.floor(passed / length), unit);
}
