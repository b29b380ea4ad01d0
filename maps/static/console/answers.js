/** The section that answers: who is responsible for a place, or what a case's file says. */
import { ask, told } from "../common/api.js";
import { answering, sheet } from "./answer.js";
import { t } from "../common/boot.js";
import { casesheet } from "./casefile.js";
import { el, one } from "../common/dom.js";
import { readCase } from "./reading.js";
import * as views from "./views.js";

/** @typedef {{lon: number, lat: number, radius: number}} Place */

export class Answers {
  /**
   * @param {{map: () => any, file: (place: Place) => void, opened: (number: string | null) => void,
   *   decide: (number: string) => void, left: () => void}} words
   *   what "file a report here" does; which case is in sight; to the queue; the way back
   */
  constructor({ map, file, opened, decide, left }) {
    this.view = one("#answer");
    this.map = map;
    this.file = file;
    this.opened = opened;
    this.decide = decide;
    this.left = left;
    this.turn = 0;
    /** @type {HTMLElement | null} */
    this.from = null;
  }

  /** Who is responsible here? @param {Place} place */
  who(place) {
    this.opened(null);
    this.map().mark(place.lon, place.lat, place.radius);
    return this.show(t("who_failed"), async () => {
      const words = { lon: place.lon.toFixed(7), lat: place.lat.toFixed(7), datum: "wgs84", accuracy_m: place.radius || null };
      const route = await ask("/v1/route", { words });
      return () => {
        this.map().light(answering(route));
        return sheet(route, place.radius, () => this.file(place));
      };
    });
  }

  /** @param {string} number of a case */
  open(number) {
    if (!this.view.contains(document.activeElement)) this.from = /** @type {HTMLElement} */ (document.activeElement);
    return this.show(t("case_failed"), async () => {
      const file = readCase(await ask(`/v1/cases/${encodeURIComponent(number)}`));
      return () => this.lay(file);
    }).then(() => this.view.focus({ preventScroll: true }));
  }

  /** @param {import("./types.js").CaseFile} file */
  lay(file) {
    this.map().unmark();
    if (file.lon !== null && file.lat !== null) {
      this.map().mark(file.lon, file.lat, file.radius);
      this.map().fly(file.lon, file.lat);
    }
    if (file.route) this.map().light(answering(file.route));
    this.opened(file.number);
    return casesheet(file, { back: () => this.leave(), decide: () => this.decide(file.number) });
  }

  /**
   * Show what is asked for, unless something else was asked meanwhile.
   * @param {string} title of a failure
   * @param {() => Promise<() => HTMLElement>} question
   */
  async show(title, question) {
    const turn = ++this.turn;
    views.open("answer");
    this.view.classList.add("busy");
    if (!this.view.querySelector(".sheet")) this.view.replaceChildren(el("div.empty", {}, t("asking")));
    const draw = await question().catch((error) => () => failure(title, told(error)));
    if (turn !== this.turn) return;
    this.view.classList.remove("busy");
    this.view.replaceChildren(draw());
    this.view.scrollTop = 0;
  }

  /** Nothing is asked any more; the keyboard is where it was before. */
  leave() {
    this.turn += 1;
    this.view.classList.remove("busy");
    this.view.replaceChildren(el("div.empty", {}, el("strong", {}, t("who")), el("span", {}, t("who_how"))));
    this.map().unmark();
    this.opened(null);
    this.left();
    if (this.from?.isConnected) this.from.focus();
    this.from = null;
  }
}

/** @param {string} title @param {string} words */
function failure(title, words) {
  return el("div.empty", { role: "alert" }, el("strong", {}, title), el("span", {}, words));
}
