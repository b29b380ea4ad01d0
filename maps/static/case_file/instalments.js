/** The instalments of an agreement while it is written down: as many rows as are wanted. */
import { t } from "../common/boot.js";
import { all, el } from "../common/dom.js";

export class Instalments {
  constructor() {
    this.rows = el("ol.instalments", {});
    this.place = el("fieldset.field", {}, el("legend", {}, t("case_instalments")), this.rows,
      el("button.plain", { type: "button", click: () => this.add() }, t("case_instalment_add")));
  }

  add() {
    const row = el("li.row", {}, this.input("date", t("case_due_on")), this.input("text", t("case_each_amount")), el("p.fault", { role: "alert", hidden: true }),
      el("button.plain", { type: "button", click: () => { row.remove(); this.count(); } }, t("case_instalment_drop")));
    this.rows.append(row);
    this.count();
    row.querySelector("input")?.focus();
  }

  /** @param {string} type @param {string} title */
  input(type, title) {
    const input = el("input", { type, inputmode: type === "text" ? "decimal" : undefined, "aria-label": title, placeholder: title });
    return el("div.field", {}, input, el("p.fault", { role: "alert", hidden: true }));
  }

  /** The server names a faulty instalment by its place. */
  count() {
    all("li", this.rows).forEach((row, place) => {
      const [day, amount] = all(".field", row);
      day.dataset.field = `instalments.${place}.due_on`;
      amount.dataset.field = `instalments.${place}.amount`;
    });
  }

  given() {
    return all("li", this.rows).map((row) => {
      const [day, amount] = all("input", row);
      return { due_on: day.value, amount: amount.value };
    });
  }
}
