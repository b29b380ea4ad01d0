/** Find an address: candidates with level, score and radius; the keyboard is enough. */
import { ask, told } from "../common/api.js";
import { figure, said, t, titled } from "../common/boot.js";
import { all, el, one } from "../common/dom.js";

const CASE = /^\s*([A-Z]{2,4}-\d{4}-\d{6})\s*$/i;
const COORDINATES = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,2}(?:\.\d+)?)\s*$/;

export class Search {
  /** @param {{found: (place: {lon: number, lat: number, radius: number}) => void, opened: (number: string) => void}} words */
  constructor({ found, opened }) {
    this.form = one("#search");
    this.input = one("#search-text");
    this.options = one("#search-found");
    this.words = one(".said", this.form);
    this.found = found;
    this.opened = opened;
    this.asked = 0;
    /** @type {import("./types.js").Candidate[]} */
    this.candidates = [];
    this.form.addEventListener("submit", (/** @type {Event} */ event) => { event.preventDefault(); this.go(); });
    this.input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.key(event));
    this.input.addEventListener("input", () => { if (!this.input.value) this.close(); });
    document.addEventListener("pointerdown", (event) => { if (!this.form.contains(event.target)) this.close(); });
    document.addEventListener("keydown", (event) => this.shortcut(event));
  }

  /** @param {KeyboardEvent} event */
  shortcut(event) {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (event.key !== "/" || typing) return;
    event.preventDefault();
    this.input.focus();
  }

  async go() {
    const chosen = this.current();
    const text = this.input.value.trim();
    if (chosen >= 0) return this.pick(chosen);
    if (!text) return this.input.focus();
    const number = CASE.exec(text), lonlat = COORDINATES.exec(text);
    if (number) { this.close(); return this.opened(number[1].toUpperCase()); }
    if (lonlat) return this.arrive({ lon: Number(lonlat[1]), lat: Number(lonlat[2]), radius: 0 });
    return this.look(text);
  }

  /** @param {string} text */
  async look(text) {
    const turn = ++this.asked;
    try {
      const { candidates, notes } = await ask("/v1/geocode", { words: { text } });
      if (turn === this.asked) this.offer(candidates, notes ?? []);
    } catch (error) {
      if (turn === this.asked) this.say(told(error));
    }
  }

  /** @param {import("./types.js").Candidate[]} candidates @param {import("./types.js").Said[]} notes */
  offer(candidates, notes) {
    this.candidates = candidates;
    this.options.replaceChildren(...candidates.map((candidate, place) => this.option(candidate, place)));
    this.options.hidden = candidates.length === 0;
    this.input.setAttribute("aria-expanded", String(candidates.length > 0));
    if (candidates.length) this.say(notes.map(said).join(" "));
    else this.say(`${t("search_none")} · ${notes.map(said).join(" ") || t("search_mend")}`);
    if (candidates.length) this.mark(0);
  }

  /** @param {import("./types.js").Candidate} candidate @param {number} place */
  option(candidate, place) {
    const sure = t("score", { percent: figure(candidate.score * 100) });
    return el("li", { role: "option", id: `search-${place}`, "aria-selected": "false", click: () => this.pick(place) },
      el("div.first", {}, el("span.chip", {}, titled("level", candidate.level)), el("b", {}, candidate.text)),
      el("div.why", {}, `${t("within", { radius: figure(Math.ceil(candidate.radius_m)) })} · ${sure}`),
      el("div.why", {}, said(candidate.explanation)));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === "Escape") { event.preventDefault(); this.input.value = ""; this.close(); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || this.options.hidden) return;
    event.preventDefault();
    this.mark((this.current() + step + this.candidates.length) % this.candidates.length);
  }

  current() {
    return this.options.hidden ? -1 : all("li", this.options).findIndex((option) => option.getAttribute("aria-selected") === "true" && this.input.value === this.text);
  }

  /** @param {number} place */
  mark(place) {
    this.text = this.input.value;
    all("li", this.options).forEach((option, index) => option.setAttribute("aria-selected", String(index === place)));
    const option = one(`#search-${place}`);
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} place */
  pick(place) {
    const { lon, lat, radius_m: radius, text } = this.candidates[place];
    this.input.value = text;
    this.arrive({ lon, lat, radius });
  }

  /** @param {{lon: number, lat: number, radius: number}} place */
  arrive(place) {
    this.close();
    this.found(place);
  }

  /** @param {string} words */
  say(words) {
    this.words.textContent = words;
    this.words.hidden = !words;
  }

  close() {
    this.asked += 1;
    this.options.hidden = true;
    this.options.replaceChildren();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.say("");
  }
}
