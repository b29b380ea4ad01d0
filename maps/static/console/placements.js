/** What no rule may decide: a person looks, chooses and says why. */
import { ask, told } from "../common/api.js";
import { figure, said, t } from "../common/boot.js";
import { Decision } from "./decision.js";
import { el, one, reconcile } from "../common/dom.js";
import { categoryTitle } from "./reports.js";
import { briefly } from "../common/time.js";
import { count, open } from "./views.js";

const STEP = 50;
const MOST = 500;

/** @typedef {import("./types.js").Placement} Placement */

/** Codes of the areas between which a person decides, by kind. @param {Placement} item */
export function offered({ open }) {
  const codes = open.map(({ kind, candidates }) => [kind, candidates.map((each) => each.area_code).filter((code) => code !== null)]);
  return /** @type {Record<string, string[]>} */ (Object.fromEntries(codes));
}

/** Why a person is asked; after that, folded away, what is uncertain besides. @param {Placement} item */
function why({ reasons, open }) {
  const [asked, besides] = [reasons.slice(0, open.length), reasons.slice(open.length)]
    .map((part) => el("ul", {}, ...part.map((each) => el("li", {}, said(each)))));
  return [
    el("div.reasons", {}, asked),
    ...(besides.childElementCount ? [el("details.besides", {}, el("summary", {}, t("besides")), besides)] : []),
  ];
}

export class Placements {
  /** @param {{look: (item: Placement) => void, picked: (place: {lon: number, lat: number}) => void,
   *   open: (number: string) => void, decided: () => void,
   *   units: (kind: string) => import("./types.js").Unit[]}} words */
  constructor(words) {
    this.view = one("#placements");
    this.list = one(".list", this.view);
    this.words = words;
    /** @type {Decision | null} the one that is being written */
    this.decision = null;
    /** @type {{limit: number, case: string | null}} what to ask GET /v1/placements for */
    this.query = { limit: STEP, case: null };
    one(".more-rows button", this.view).addEventListener("click", () => {
      this.query = { limit: this.query.case ? STEP : Math.min(this.query.limit + STEP, MOST), case: null };
      this.words.decided();
    });
  }

  /** Show one case alone, ready to be decided. @param {string} number */
  async only(number) {
    this.query = { limit: STEP, case: number };
    open("placements");
    const queue = await ask("/v1/placements", { words: this.query }).catch(told);
    if (typeof queue === "string") return this.say(queue, false);
    this.show(queue);
    const head = this.list.querySelector(".item[aria-expanded=false]");
    head?.click();
    head?.focus();
  }

  /**
   * A row is left alone while the server says the same of it: what is being written stays.
   * @param {{items: Placement[], total: number}} queue
   */
  show({ items, total }) {
    count("placements", total);
    one(".empty", this.view).hidden = total > 0;
    one(".more-rows", this.view).hidden = items.length === total;
    one(".more-rows span", this.view).textContent = t("placements_part", { shown: figure(items.length), total: figure(total) });
    reconcile(this.list, items, (item) => String(item.id), (item) => this.row(item));
  }

  /** A click on the map says where the case is. */
  get wantsPlace() {
    const form = this.decision?.form;
    return Boolean(form?.isConnected && !form.hidden && this.decision?.byPlace && this.view.hasAttribute("data-current"));
  }

  /** @param {{lon: number, lat: number}} place */
  begin(place) {
    this.decision?.choose(place);
    this.words.picked(place);
  }

  /** @param {string} words @param {boolean} [good] */
  say(words, good = true) {
    const notice = one(".notice", this.view);
    notice.textContent = words;
    notice.classList.toggle("good", good);
    notice.hidden = !words;
  }

  /** @param {Placement} item */
  row(item) {
    const decision = new Decision(item, this.words.units, (path, body) => this.send(item, path, body));
    decision.form.prepend(...why(item),
      el("button.link.number", { type: "button", click: () => this.words.open(item.case_number) }, t("open_case"), " ", item.case_number));
    const head = el("button.item", { type: "button", "aria-expanded": "false", click: () => this.toggle(item, decision) },
      el("span.spot.held", {}),
      el("span.what", {}, item.title || categoryTitle(item.category, item.kind)),
      el("time.when", { datetime: item.held_at }, briefly(item.held_at, new Date())),
      el("span.more", {}, el("span.number", {}, item.case_number), ...item.open.map((question) => el("span.chip.warn", {}, decision.asked(question)))));
    return el("li", {}, head, decision.form);
  }

  /** One at a time. @param {Placement} item @param {Decision} decision */
  toggle(item, decision) {
    const opens = decision.form.hidden;
    for (const form of this.list.querySelectorAll(".decision")) form.hidden = true;
    decision.form.hidden = !opens;
    for (const head of this.list.querySelectorAll(".item"))
      head.setAttribute("aria-expanded", String(head.nextElementSibling?.hidden === false));
    this.decision = opens ? decision : null;
    this.say("");
    if (opens) this.words.look(item);
  }

  /** @param {Placement} item @param {string} path @param {unknown} body */
  async send(item, path, body) {
    try {
      await ask(`/v1/placements/${encodeURIComponent(item.id)}/${path}`, { body });
    } catch (error) {
      return told(error);
    }
    const number = item.case_number;
    this.say(path === "place" ? t("corrected", { number }) : t("decided", { number }));
    this.words.decided();
    return null;
  }
}
