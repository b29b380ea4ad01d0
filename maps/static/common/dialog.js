/** A question that stands before the page until it is answered: a form made of fields. */
import { t } from "./boot.js";
import { el, one } from "./dom.js";
import { sends } from "./form.js";

/**
 * @typedef {{name: string, title: string, kind?: "line" | "prose" | "choice" | "number" | "money" | "date",
 *   choices?: Record<string, string>, value?: string, optional?: boolean, many?: boolean, how?: string}} Field
 */

const INPUTS = { line: { type: "text", maxlength: 200 }, number: { type: "number", inputmode: "numeric" }, money: { type: "text", inputmode: "decimal" }, date: { type: "date" } };

/**
 * Ask with a form; the dialog closes when what was filled in was taken.
 * @param {string} title
 * @param {(Field | HTMLElement)[]} fields  elements stand in the form as they are
 * @param {(words: Record<string, any>) => Promise<void>} deliver
 */
export function asking(title, fields, deliver) {
  const dialog = one("#dialog");
  const form = el("form.inside", { novalidate: true },
    el("h2", { id: "dialog-title" }, title),
    el("p.summary", { role: "alert", hidden: true }),
    ...fields.map((each) => (each instanceof HTMLElement ? each : field(each))),
    el("div.actions", {},
      el("button.primary", { type: "submit" }, t("case_do")),
      el("button.plain", { type: "button", click: () => dialog.close() }, t("case_cancel"))));
  sends(form, async (words) => {
    await deliver(words);
    dialog.close();
  });
  dialog.replaceChildren(form);
  dialog.showModal();
}

/** @param {Field} words */
export function field(words) {
  const { name, title, how } = words;
  return el("div.field", { "data-field": name }, el("label", { for: `ask-${name}` }, title), control(words),
    how ? el("p.quiet", {}, how) : null, el("p.fault", { role: "alert", hidden: true }));
}

/** @param {Field} words */
function control({ name, kind = "line", choices = {}, value = "", optional = false, many = false }) {
  const id = `ask-${name}`;
  if (kind === "prose") return el("textarea", { id, name, rows: 3, maxlength: 4000 }, value);
  if (kind !== "choice") return el("input", { id, name, value, ...INPUTS[kind] });
  const options = Object.entries(choices).map(([code, said]) => el("option", { value: code, selected: code === value }, said));
  return el("select", { id, name, multiple: many, size: many ? Math.min(6, options.length) : undefined }, optional && !many ? el("option", { value: "" }, "—") : null, ...options);
}
