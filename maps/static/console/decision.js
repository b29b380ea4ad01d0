/** A person's word on a held case: the units that answer, or the place where it really is. */
import { may, t, titled } from "../common/boot.js";
import { el } from "../common/dom.js";

/** @typedef {import("./types.js").OpenQuestion} Question */

export class Decision {
  /**
   * @param {import("./types.js").Placement} item
   * @param {(kind: string) => import("./types.js").Unit[]} units  all units of a kind
   * @param {(path: string, body: unknown) => Promise<string | null>} send  answers what is wrong
   */
  constructor(item, units, send) {
    this.item = item;
    this.units = units;
    this.send = send;
    /** @type {{lon: number, lat: number} | null} */
    this.place = null;
    this.picked = el("p.picked", { role: "status" }, t("where_pick"));
    this.questions = el("div.questions", {}, ...item.open.map((question) => this.question(question)));
    this.fault = el("p.fault", { role: "alert", hidden: true });
    this.form = this.made();
    this.turn();
  }

  /** @returns {any} */
  made() {
    const made = el("form.decision", { novalidate: true, hidden: true }, ...(may("decide") ? this.fields() : [el("p.quiet", {}, t("decide_not"))]));
    made.addEventListener("change", () => this.turn());
    made.addEventListener("submit", (event) => { event.preventDefault(); this.confirm(); });
    return made;
  }

  fields() {
    return [
      el("fieldset.field.segments", {}, el("legend.quiet", {}, t("decide_how")), this.way("units", t("decide_units")), this.way("place", t("decide_place"))),
      this.questions, this.picked,
      this.field("reason", t("decide_reason"), t("decide_reason_hint")),
      this.fault,
      el("div.actions", {}, el("button.primary", { type: "submit" }, t("decide_confirm"))),
    ];
  }

  /** @param {string} value @param {string} words */
  way(value, words) {
    const first = this.item.lon === null ? "place" : "units";
    return el("label", {}, el("input", { type: "radio", name: "way", value, checked: value === first }), el("span", {}, words));
  }

  get byPlace() {
    return new FormData(this.form).get("way") === "place";
  }

  turn() {
    this.questions.hidden = this.byPlace;
    this.picked.hidden = !this.byPlace;
  }

  /** @param {string} name @param {string} label @param {string} hint */
  field(name, label, hint) {
    const id = `decide-${this.item.id}-${name}`;
    return el("div.field", {}, el("label", { for: id }, label), el("input", { id, name, type: "text", maxlength: 200, required: true, placeholder: hint || undefined }));
  }

  /** What a question asks, in a few words. @param {Question} question */
  asked({ kind, candidates }) {
    const names = candidates.map((each) => each.unit_name).join(" / ");
    return names || titled("layer", kind);
  }

  /** Candidates first; who knows the spot may know better, so any unit of the kind can be named. @param {Question} question */
  question({ kind, candidates }) {
    const name = `unit-${kind}`, layer = titled("layer", kind);
    const offered = new Set(candidates.map((each) => each.unit_code));
    const others = this.units(kind).filter((unit) => !offered.has(unit.unit_code));
    const picker = /** @type {HTMLSelectElement} */ (el("select", { name: `other-${kind}`, "aria-label": t("decide_other", { kind: layer }) },
      el("option", { value: "" }, t("decide_other", { kind: layer })),
      ...others.map((unit) => el("option", { value: unit.unit_code }, unit.unit_name))));
    const radios = candidates.map((each) => /** @type {HTMLInputElement} */ (el("input", { type: "radio", name, value: each.unit_code })));
    picker.addEventListener("change", () => { for (const radio of radios) radio.checked = false; });
    for (const radio of radios) radio.addEventListener("change", () => { picker.value = ""; });
    return el("fieldset.field", {}, el("legend", {}, t("decide_which", { kind: layer })),
      ...candidates.map((each, place) => el("label.option", {}, radios[place], el("span", {}, each.unit_name, " ", el("small.number", {}, each.area_code)))),
      others.length ? picker : null);
  }

  /** @param {{lon: number, lat: number}} place */
  choose(place) {
    this.place = place;
    this.picked.textContent = t("where_picked", { lon: place.lon.toFixed(6), lat: place.lat.toFixed(6) });
    this.picked.setAttribute("data-set", "");
  }

  /** The units chosen so far. */
  choices() {
    const words = new FormData(this.form);
    return this.item.open.map(({ kind }) => ({ kind, unit_code: String(words.get(`unit-${kind}`) ?? words.get(`other-${kind}`) ?? "") }));
  }

  /** What is not filled in yet, in words. @returns {string | null} */
  missing() {
    const open = this.byPlace ? null : this.choices().find((choice) => !choice.unit_code);
    if (open) return t("decide_which", { kind: titled("layer", open.kind) });
    if (this.byPlace && !this.place) return t("must_choose_place");
    const { reason } = this.form.elements;
    if (reason.value.trim()) return null;
    reason.focus();
    return `${t("decide_reason")} · ${t("must_fill")}`;
  }

  async confirm() {
    const wrong = this.missing() ?? await this.sent();
    this.fault.textContent = wrong;
    this.fault.hidden = !wrong;
  }

  sent() {
    const reason = this.form.elements.reason.value.trim();
    if (!this.byPlace || !this.place) return this.send("confirm", { choices: this.choices(), reason });
    const { lon, lat } = this.place;
    return this.send("place", { lon, lat, datum: "wgs84", reason });
  }
}
