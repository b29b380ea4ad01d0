/** What is wrong with a form: each fault at its field, the rest above, the keyboard at the first one. */
import { clear, say } from "../common/form.js";
import { all } from "../common/dom.js";
import { form } from "./fields.js";

const CONTROL = ":is(input:not([type=hidden]), select, textarea)";

export function clearFaults() {
  clear(form);
  for (const control of all("[aria-invalid]", form)) control.removeAttribute("aria-invalid");
}

/** @param {[string, string][]} faults  field of the request and what is wrong with it @param {string} title */
export function showFaults(faults, title) {
  const loose = faults.filter(([where, words]) => !beside(where, words)).map(([, words]) => words);
  say(form, [title, ...loose].join(" · "));
  const first = form.querySelector(`[data-wrong] ${CONTROL}`);
  (first ?? form.querySelector(".summary")).focus();
}

/** @param {string} where such as place.address or answers.months @param {string} words */
function beside(where, words) {
  const field = fieldOf(where) ?? fieldOf(where.split(".")[0]);
  if (!field) return false;
  field.setAttribute("data-wrong", "");
  field.querySelector(CONTROL)?.setAttribute("aria-invalid", "true");
  const line = field.querySelector(".fault");
  line.textContent = words;
  line.hidden = false;
  return true;
}

/** @param {string} name */
const fieldOf = (name) => form.querySelector(`[data-field="${CSS.escape(name)}"]`);
