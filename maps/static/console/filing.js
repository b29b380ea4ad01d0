/** The form to file a dispute or a patrol report. */
import { Problem, Unreachable, ask, told, toldFault } from "../common/api.js";
import { t } from "../common/boot.js";
import { cards, verdict } from "./answer.js";
import { all, el, one } from "../common/dom.js";
import * as idempotency from "./idempotency.js";
import { fromLocal, local } from "../common/time.js";

/** Where the API's fields are on the form. */
const FIELDS = ["kind", "category", "text", "people_involved", "source", "occurred_at", "place"];

/** @typedef {{lon: number, lat: number, radius: number}} Place */

export class Filing {
  /** @param {{filed: (answer: any) => void, show: (answer: any) => void, synthetic: () => boolean}} words */
  constructor({ filed, show, synthetic }) {
    this.view = one("#filing");
    this.form = one("#file");
    this.done = one("#filed");
    this.summary = one(".summary", this.form);
    this.button = one("button.primary", this.form);
    this.asNew = one("#file-as-new");
    this.filed = filed;
    this.show = show;
    this.synthetic = synthetic;
    this.sending = false;
    /** @type {Place | null} */
    this.place = null;
    this.form.addEventListener("submit", (/** @type {Event} */ event) => { event.preventDefault(); this.submit(); });
    this.form.addEventListener("input", () => { this.turn(); idempotency.keep(this.fields()); });
    this.asNew.addEventListener("click", () => { idempotency.renew(); this.submit(); });
    this.restore();
  }

  /** What stands in the form, as it would be drafted. @returns {Record<string, any>} */
  fields() {
    return { ...Object.fromEntries(new FormData(this.form)), spot: this.place };
  }

  restore() {
    this.form.elements.occurred_at.value = local(new Date());
    const { spot, ...fields } = idempotency.draft()?.fields ?? {};
    for (const [name, value] of Object.entries(fields)) if (name in this.form.elements) this.form.elements[name].value = value;
    if (spot) this.choose(spot);
    this.turn();
  }

  /** Show the place field that is meant: map or address. */
  turn() {
    const byAddress = this.form.elements.where.value === "address";
    one("#file-picked").hidden = byAddress;
    this.form.elements.address.hidden = !byAddress;
  }

  /** Wants a click on the map: open in front and set to the map. */
  get wantsPlace() {
    return !this.form.hidden && this.view.hasAttribute("data-current") && this.form.elements.where.value === "map";
  }

  /** @param {Place} place */
  choose(place) {
    this.place = place;
    this.form.elements.where.value = "map";
    const picked = one("#file-picked");
    const near = place.radius > 0 ? ` · ${t("accuracy", { radius: Math.round(place.radius) })}` : "";
    picked.textContent = t("where_picked", { lon: place.lon.toFixed(6), lat: place.lat.toFixed(6) }) + near;
    picked.setAttribute("data-set", "");
    this.turn();
    this.clear("place");
  }

  /** Begin with this place. @param {Place} place */
  begin(place) {
    this.again();
    this.choose(place);
    idempotency.keep(this.fields());
  }

  again() {
    if (this.done.hidden) return;
    this.done.hidden = true;
    this.form.hidden = false;
    this.view.scrollTop = 0;
  }

  body() {
    const { kind, category, text, people_involved, source, occurred_at, where, address } = this.fields();
    const spot = this.place && { lon: this.place.lon, lat: this.place.lat, datum: "wgs84", accuracy_m: this.place.radius || null };
    return {
      kind, category, text: text.trim(), source,
      people_involved: Number(people_involved),
      occurred_at: fromLocal(occurred_at),
      place: where === "address" ? { address: address.trim() } : spot,
      synthetic: this.synthetic(),
    };
  }

  /** What a person can see at once, told without asking the server. @returns {[string, string][]} */
  missing() {
    const { category, text, people_involved, occurred_at, where, address } = this.fields();
    const placed = where === "address" ? address.trim() : this.place;
    return [
      ...(category ? [] : [["category", t("must_fill")]]),
      ...(text.trim() ? [] : [["text", t("must_fill")]]),
      ...(Number(people_involved) >= 1 ? [] : [["people_involved", t("must_fill")]]),
      ...(occurred_at ? [] : [["occurred_at", t("must_fill")]]),
      ...(placed ? [] : [["place", t("must_choose_place")]]),
    ].map(([name, words]) => [name, words]);
  }

  async submit() {
    if (this.sending) return;
    this.clear();
    const missing = this.missing();
    if (missing.length) return this.blame(missing);
    this.busy(true);
    try {
      idempotency.keep(this.fields());
      this.succeed(await ask("/v1/reports", { body: this.body(), key: idempotency.key() }));
    } catch (error) {
      this.refuse(error);
    } finally {
      this.busy(false);
    }
  }

  /** @param {boolean} sending */
  busy(sending) {
    this.sending = sending;
    this.button.setAttribute("aria-disabled", String(sending));
    this.button.textContent = t(sending ? "submitting" : "submit");
  }

  /** @param {any} answer */
  succeed(answer) {
    idempotency.forget();
    this.form.reset();
    this.place = null;
    const picked = one("#file-picked");
    picked.textContent = t("where_pick");
    picked.removeAttribute("data-set");
    this.restore();
    this.form.hidden = true;
    this.done.replaceChildren(this.receipt(answer));
    this.done.hidden = false;
    this.view.scrollTop = 0;
    this.done.focus({ preventScroll: true });
    this.filed(answer);
  }

  /** @param {any} answer */
  receipt(answer) {
    const { route } = answer;
    return el("div.sheet", {},
      el("div.filed", {}, t("submitted"), el("span.number", {}, answer.case_number ?? "")),
      route?.needs_person ? verdict(route.reasons, t("in_queue")) : null,
      route ? cards(route) : null,
      el("div.actions", {},
        el("button.primary", { type: "button", click: () => this.show(answer) }, t("open_case")),
        el("button.plain", { type: "button", click: () => { this.again(); this.form.elements.category.focus(); } }, t("another"))));
  }

  /** @param {unknown} error */
  refuse(error) {
    if (error instanceof Unreachable) return this.sum(`${told(error)} · ${t("safe_to_retry")}`, true);
    const faults = error instanceof Problem ? error.faults : [];
    if (faults.some((fault) => fault.where === "Idempotency-Key")) {
      this.asNew.hidden = false;
      return this.sum(t("changed_since"), true);
    }
    if (faults.length) return this.blame(faults.map((fault) => [fieldOf(fault.where), toldFault(fault)]));
    return this.sum(told(error), false);
  }

  /** Show each fault at its field; what belongs to none goes above. @param {[string, string][]} faults */
  blame(faults) {
    const loose = [];
    for (const [name, words] of faults) {
      if (!FIELDS.includes(name)) { loose.push(words); continue; }
      const field = one(`[data-field="${name}"]`, this.form), line = field.querySelector(".fault");
      field.setAttribute("data-wrong", "");
      if (line) { line.textContent = words; line.hidden = false; } else loose.push(words);
    }
    this.sum([t("must_mend"), ...loose].join(" · "), false);
    this.form.querySelector("[data-wrong] :is(input, select, textarea):not([hidden])")?.focus();
  }

  /** @param {string} words @param {boolean} careful */
  sum(words, careful) {
    this.summary.textContent = words;
    this.summary.classList.toggle("careful", careful);
    this.summary.hidden = false;
    this.summary.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} [only] one field; all of the form without */
  clear(only) {
    for (const field of all(only ? `[data-field="${only}"]` : "[data-field]", this.form)) {
      field.removeAttribute("data-wrong");
      const line = field.querySelector(".fault");
      if (line) line.hidden = true;
    }
    if (only) return;
    this.summary.hidden = true;
    this.asNew.hidden = true;
  }
}

/** The form's field for a place in the request such as `body.place.lon`. @param {string} where */
function fieldOf(where) {
  const parts = where.split(/[.[\]/]+/).filter((part) => part && part !== "body");
  return parts[0] ?? "";
}
