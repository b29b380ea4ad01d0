/** What no rule may decide: a person looks, chooses and says why. */
import { ask, told } from "./api.js";
import { said, t, titled } from "./boot.js";
import { el, one, reconcile } from "./dom.js";
import { categoryTitle } from "./reports.js";
import { count } from "./views.js";

export class Placements {
  /** @param {{look: (placement: import("./types.js").Placement) => void, decided: () => void,
   *   units: (kind: string) => {unit_code: string, unit_name: string}[]}} words */
  constructor({ look, decided, units }) {
    this.view = one("#placements");
    this.list = one(".list", this.view);
    this.look = look;
    this.decided = decided;
    this.units = units;
  }

  /** A row is left alone while the server says the same of it: what is being written stays.
   * @param {import("./types.js").Placement[]} items */
  show(items) {
    count("placements", items.length);
    one(".empty", this.view).hidden = items.length > 0;
    reconcile(this.list, items, (item) => String(item.id), (item) => this.row(item));
  }

  /** @param {string} words @param {boolean} good */
  say(words, good) {
    const notice = one(".notice", this.view);
    notice.textContent = words;
    notice.classList.toggle("good", good);
    notice.hidden = !words;
  }

  /** @param {import("./types.js").Placement} item */
  row(item) {
    const form = this.form(item);
    const toggle = () => {
      form.hidden = !form.hidden;
      for (const other of this.list.querySelectorAll(".decision")) if (other !== form) other.hidden = true;
      this.look(item);
    };
    return el("li", {},
      el("button.item", { type: "button", click: toggle },
        el("span.spot", {}),
        el("span.what", {}, categoryTitle(item.category, "dispute")),
        el("span.when.number", {}, item.case_number),
        el("span.more", {}, [...new Set(item.reasons.map(said))].join(" "))),
      form);
  }

  /** @param {import("./types.js").Placement} item @returns {any} */
  form(item) {
    const fault = el("p.fault", { role: "alert", hidden: true });
    const made = el("form.decision", {},
      ...item.open.map((question) => this.question(item, question)),
      this.field("reason", item, t("decide_reason"), t("decide_reason_hint")),
      this.field("person", item, t("decide_person"), ""),
      fault,
      el("div.actions", {}, el("button.primary", { type: "submit" }, t("decide_confirm"))));
    made.hidden = true;
    made.addEventListener("submit", (event) => { event.preventDefault(); this.confirm(item, made, fault); });
    return made;
  }

  /** @param {string} name @param {import("./types.js").Placement} item @param {string} label @param {string} hint */
  field(name, item, label, hint) {
    const id = `decide-${item.id}-${name}`;
    return el("div.field", {}, el("label", { for: id }, label), el("input", { id, name, type: "text", maxlength: 500, required: true, placeholder: hint || undefined }));
  }

  /** Candidates first; a person on the spot may know better, so any unit of the kind can be named.
   * @param {import("./types.js").Placement} item @param {import("./types.js").OpenQuestion} question */
  question(item, { kind, candidates }) {
    const name = `unit-${kind}`, layer = titled("layer", kind);
    const offered = new Set(candidates.map((each) => each.unit_code));
    const others = this.units(kind).filter((unit) => !offered.has(unit.unit_code));
    const picker = el("select", { name: `other-${kind}`, "aria-label": t("decide_other", { kind: layer }) },
      el("option", { value: "" }, t("decide_other", { kind: layer })),
      ...others.map((unit) => el("option", { value: unit.unit_code }, unit.unit_name)));
    const other = el("input", { type: "radio", name, value: "", tabindex: -1, hidden: true });
    picker.addEventListener("change", () => { /** @type {any} */ (other).checked = true; });
    return el("fieldset.field", {}, el("legend", {}, t("decide_which", { kind: layer })),
      ...candidates.map((each) => el("label.option", {}, el("input", { type: "radio", name, value: each.unit_code }), el("span", {}, each.unit_name, " ", el("small.number", {}, each.area_code)))),
      other, others.length ? picker : null);
  }

  /** @param {import("./types.js").Placement} item @param {any} form @param {HTMLElement} fault */
  async confirm(item, form, fault) {
    const words = new FormData(form);
    const text = (/** @type {string} */ name) => String(words.get(name) ?? "").trim();
    const choices = item.open.map(({ kind }) => ({ kind, unit_code: text(`unit-${kind}`) || text(`other-${kind}`) }));
    const missing = choices.find((choice) => !choice.unit_code);
    fault.hidden = true;
    try {
      if (missing) throw new Error(t("decide_which", { kind: titled("layer", missing.kind) }));
      const body = { choices, reason: text("reason"), person: text("person") };
      await ask(`/v1/placements/${encodeURIComponent(item.id)}/confirm`, { method: "POST", body });
      this.say(t("decided", { number: item.case_number }), true);
      this.decided();
    } catch (error) {
      fault.textContent = missing ? /** @type {Error} */ (error).message : told(error);
      fault.hidden = false;
    }
  }
}
