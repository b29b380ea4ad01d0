/** What stands in the form, field by field, as a draft keeps it. */
import { one } from "../common/dom.js";
import { local } from "../common/time.js";

export const form = one("#intake");

/** Fields that are filled in from the start, and tell nothing. */
const GIVEN = ["respondent_kind", "occurred_at", "people_involved", "source"];

/** @returns {Record<string, string>} what is filled in */
export function content() {
  const entries = [...new FormData(form)].map(([name, word]) => [name, String(word)]);
  return Object.fromEntries(entries.filter(([, word]) => word !== ""));
}

/** Whether a person has told nothing yet. @param {Record<string, string>} words */
export const isBlank = (words) => Object.keys(words).every((name) => GIVEN.includes(name));

/** @returns {Record<string, string>} a form at which nobody has sat */
export const beginning = () => ({ respondent_kind: "person", occurred_at: local(new Date()), people_involved: "1", source: "window" });

/** Fill in the fields that stand on the page. @param {Record<string, string>} words */
export function fill(words) {
  for (const control of form.elements) if (control.name) control.value = words[control.name] ?? "";
}
