/** A form that is sent by script: one turn at a time, faults beside their fields, the rest on top. */
import { Problem, Unreachable, told, toldFault } from "./api.js";
import { all, one } from "./dom.js";

/**
 * @param {any} form with a .summary, and a .fault in each [data-field]
 * @param {(words: Record<string, any>) => Promise<void>} deliver  what to do with what was filled in
 */
export function sends(form, deliver) {
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const button = one("[type=submit]", form);
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    clear(form);
    await deliver(Object.fromEntries(new FormData(form))).catch((error) => fail(form, error));
    button.removeAttribute("aria-disabled");
  });
}

/** @param {any} form */
export function clear(form) {
  for (const fault of all(".fault, .summary", form)) fault.hidden = true;
  for (const field of all("[data-wrong]", form)) field.removeAttribute("data-wrong");
}

/** @param {any} form @param {unknown} error */
export function fail(form, error) {
  const faults = error instanceof Problem ? error.faults : [];
  const placed = faults.filter((fault) => beside(form, fault));
  if (placed.length && placed.length === faults.length) return one("[data-wrong] :is(input, select, textarea)", form).focus();
  if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
  say(form, told(error));
}

/** @param {any} form @param {string} words */
export function say(form, words) {
  const summary = one(".summary", form);
  summary.textContent = words;
  summary.hidden = false;
}

/** @param {any} form @param {{where: string, what: string, mend: string}} fault */
function beside(form, fault) {
  const field = form.querySelector(`[data-field="${CSS.escape(fault.where)}"]`);
  if (!field) return false;
  field.setAttribute("data-wrong", "");
  const place = one(".fault", field);
  place.textContent = toldFault(fault);
  place.hidden = false;
  return true;
}
