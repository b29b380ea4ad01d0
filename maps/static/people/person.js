/** One person: what is known, and what the asker's role may change. */
import { ask, told } from "../common/api.js";
import { boot, may, said, t } from "../common/boot.js";
import { el, one } from "../common/dom.js";
import { moment } from "../common/time.js";
import { roles, state } from "./list.js";
import { reveal } from "./secret.js";

const WALL = "wall", SERVICE = "service";

export class Panel {
  /** @param {{changed: () => Promise<void>, made: () => void, scopes: string[]}} words */
  constructor({ changed, made, scopes }) {
    this.place = one("#person");
    this.changed = changed;
    this.made = made;
    this.scopes = scopes;
  }

  /** @param {string} id */
  async open(id) {
    const person = await ask(`/v1/people/${encodeURIComponent(id)}`);
    this.wrong = el("p.summary", { role: "alert", hidden: true });
    this.place.replaceChildren(
      el("h2", {}, person.full_name, " ", state(person)), this.facts(person), this.wrong,
      ...(may("change") ? [this.words(person)] : []),
      ...(may("grant") ? [this.grants(person)] : []),
      this.access(person));
    this.place.focus({ preventScroll: false });
  }

  /** @param {any} person */
  facts(person) {
    const known = [
      [t("sign_in_name"), person.sign_in_name], [t("roles"), roles(person)],
      [t("unit"), person.unit_code ?? t("nothing")], [t("area"), person.area_prefix ?? t("nothing")],
      [t("person_factor"), t(person.second_factor ? "factor_on" : "factor_off")],
      [t("person_provider"), person.provider_subject ?? t("nothing")], [t("person_since"), moment(person.created_at)],
    ];
    return el("dl.facts-table", {}, ...known.flatMap(([name, word]) => [el("dt", {}, name), el("dd", {}, word)]));
  }

  /** Do something to the person, then show what became of them. @param {any} person @param {() => Promise<any>} deed */
  async act(person, deed) {
    try {
      await deed();
      await Promise.all([this.changed(), this.open(person.id)]);
    } catch (error) {
      /** @type {any} */ (this.wrong).textContent = told(error);
      /** @type {any} */ (this.wrong).hidden = false;
    }
  }

  /** @param {any} person */
  words(person) {
    const inputs = ["full_name", "unit_code", "area_prefix"].map((name) => /** @type {HTMLInputElement} */ (el("input", {
      id: `person-${name}`, name, value: person[name] ?? "", maxlength: 100, list: name === "unit_code" ? "units-known" : undefined,
    })));
    const form = el("form.inside", { novalidate: true },
      ...inputs.map((input) => el("div.field", {}, el("label", { for: input.id }, t(/** @type {string} */ (input.name))), input)),
      el("div.actions", {}, el("button.primary", { type: "submit" }, t("person_save"))));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const body = Object.fromEntries(inputs.map((input) => [input.name, input.value.trim() || null]));
      this.act(person, () => ask(this.path(person), { method: "PATCH", body }));
    });
    return form;
  }

  /** @param {any} person */
  grants(person) {
    const held = new Set(person.roles.map((/** @type {any} */ role) => role.role));
    const boxes = boot.roles.map((/** @type {any} */ role) => /** @type {HTMLInputElement} */ (el("input", { type: "checkbox", value: role.role, checked: held.has(role.role) })));
    const form = el("form.inside", {},
      el("h3", {}, t("person_grant")),
      el("div.boxes", {}, ...boxes.map((/** @type {HTMLInputElement} */ box, /** @type {number} */ place) => el("label.option", {}, box, el("span", {}, said(boot.roles[place].title))))),
      el("p.quiet", {}, t("person_grant_how")),
      el("div.actions", {}, el("button.primary", { type: "submit" }, t("person_grant"))));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = boxes.filter((/** @type {HTMLInputElement} */ box) => box.checked).map((/** @type {HTMLInputElement} */ box) => box.value);
      this.act(person, () => ask(`${this.path(person)}/roles`, { method: "PUT", body: { roles: chosen } }));
    });
    return form;
  }

  /** Letting in and out. @param {any} person */
  access(person) {
    const holds = (/** @type {string} */ role) => person.roles.some((/** @type {any} */ each) => each.role === role);
    const deeds = [
      may("disable") && person.disabled_at ? this.deed(t("person_enable"), () => this.post(person, "enable")) : null,
      may("disable") && !person.disabled_at ? this.deed(t("person_disable"), () => this.post(person, "disable")) : null,
      may("reset") ? this.deed(t("person_reset"), () => this.reset(person, false)) : null,
      may("reset") && person.second_factor ? this.deed(t("person_reset_factor"), () => this.reset(person, true)) : null,
      may("reset") && person.locked_until ? this.deed(t("person_unlock"), () => this.post(person, "unlock")) : null,
      may("reset") ? this.deed(t("person_sign_out"), () => this.act(person, () => ask(`${this.path(person)}/sessions`, { method: "DELETE" }))) : null,
      may("tokens") && holds(SERVICE) ? this.deed(t("token_make"), () => this.make(person, "/v1/service-tokens", { scopes: this.scopes }, "secret_token")) : null,
      may("tokens") && holds(WALL) ? this.deed(t("ticket_make"), () => this.make(person, "/v1/kiosk-tickets", {}, "secret_ticket")) : null,
    ];
    return el("div.inside", {}, el("h3", {}, t("person_access")), el("div.actions", {}, ...deeds));
  }

  /** A button that acts on the second press: nobody is shut out by a slip. @param {string} words @param {() => Promise<void>} deed */
  deed(words, deed) {
    const button = el("button.plain", { type: "button" }, words);
    button.addEventListener("click", () => {
      if (button.dataset.sure) return deed();
      button.dataset.sure = "yes";
      button.textContent = `${words} · ${t("person_sure")}`;
    });
    button.addEventListener("blur", () => { delete button.dataset.sure; button.textContent = words; });
    return button;
  }

  /** @param {any} person */
  path(person) {
    return `/v1/people/${encodeURIComponent(person.id)}`;
  }

  /** @param {any} person @param {string} deed */
  post(person, deed) {
    return this.act(person, () => ask(`${this.path(person)}/${deed}`, { method: "POST" }));
  }

  /** @param {any} person @param {boolean} factor */
  reset(person, factor) {
    return this.act(person, async () => {
      const { first_password } = await ask(`${this.path(person)}/reset`, { body: { second_factor: factor } });
      reveal(t("secret_password", { name: person.full_name }), first_password);
    });
  }

  /** @param {any} person @param {string} path @param {object} words @param {string} title */
  make(person, path, words, title) {
    return this.act(person, async () => {
      const { secret } = await ask(path, { body: { person_id: person.id, ...words } });
      this.made();
      reveal(t(title, { name: person.full_name }), secret);
    });
  }
}
