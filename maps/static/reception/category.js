/** What it is about: chosen by number or first letters, then its branch and what else is asked. */
import { boot, said, t } from "../common/boot.js";
import { el, one } from "../common/dom.js";
import { content, form } from "./fields.js";
import { Listbox } from "./listbox.js";

/** @typedef {import("../console/types.js").Said} Said */
/** @typedef {{code: string, title: Said, kind: string, most: number | null, choices: {code: string, title: Said}[]}} Question */
/** @typedef {{number: number, code: string, title: Said, initials: string, subcategories: {code: string, title: Said}[], questions: Question[]}} Category */

/** @type {Category[]} */
const CATEGORIES = boot.categories.map((/** @type {any} */ each, /** @type {number} */ place) => ({ ...each, number: place + 1 }));

const input = one("#category-words"), branches = one("#subcategory"), questions = one("#questions");
const listbox = new Listbox(input, one("#category-list"), { taken, opened: () => offer(""), tab: true });

/** @param {string} code */
const known = (code) => CATEGORIES.find((each) => each.code === code);

/** What may be meant by what was typed, the exact number first. @param {string} typed */
function meant(typed) {
  const words = typed.normalize("NFKC").trim().toLowerCase();
  const exact = CATEGORIES.filter((each) => String(each.number) === words);
  const others = CATEGORIES.filter((each) => !exact.includes(each) && begins(each, words));
  return [...exact, ...others];
}

/** @param {Category} category @param {string} words */
function begins({ number, title, initials }, words) {
  const letters = initials.toLowerCase().startsWith(words) || title.en.toLowerCase().startsWith(words);
  return letters || String(number).startsWith(words) || title.zh.includes(words);
}

/** @param {string} typed */
function offer(typed) {
  listbox.offer(meant(typed).map((each) => ({
    content: [el("b.figure", {}, String(each.number)), el("span", {}, said(each.title)), el("small", {}, boot.language === "en" ? "" : each.initials)], choice: each.code,
  })), typed.trim() ? 0 : -1);
}

/** @param {string} code */
function taken(code) {
  form.elements.category.value = code;
  show();
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Make the fields follow the code in the form; what was answered to the same questions stays. @param {Record<string, string>} [kept] */
export function show(kept = content()) {
  const category = known(form.elements.category.value);
  name();
  branches.replaceChildren(el("option", { value: "" }, "—"), ...(category?.subcategories ?? []).map(option));
  branches.value = kept.subcategory ?? "";
  if (branches.selectedIndex < 0) branches.value = "";
  questions.replaceChildren(...(category?.questions ?? []).map(question));
  questions.hidden = !category?.questions.length;
  for (const control of questions.querySelectorAll("input, select")) control.value = kept[control.name] ?? "";
}

/** Say in the field what is chosen. */
function name() {
  const category = known(form.elements.category.value);
  input.value = category ? said(category.title) : "";
}

/** @param {{code: string, title: Said}} each */
const option = ({ code, title }) => el("option", { value: code }, said(title));

/** @param {Question} asked */
function question(asked) {
  const name = `answers.${asked.code}`;
  return el("div.field", { "data-field": name }, el("label", { for: name }, said(asked.title)), control(asked, name),
    el("p.fault", { id: `fault-${name}`, role: "alert", hidden: true }));
}

/** @param {Question} asked @param {string} name */
function control({ kind, most, choices }, name) {
  const words = { id: name, name, "aria-describedby": `fault-${name}` };
  if (kind === "number") return el("input", { ...words, type: "number", inputmode: "numeric", min: 0, max: most ?? undefined });
  const offered = kind === "choice" ? choices.map(option) : [el("option", { value: "true" }, t("reception_yes")), el("option", { value: "false" }, t("reception_no"))];
  return el("select", words, el("option", { value: "" }, "—"), ...offered);
}

/** What was answered, by question, as the API takes it. @param {Record<string, string>} content */
export function answers(content) {
  const asked = known(content.category)?.questions ?? [];
  const given = asked.filter(({ code }) => content[`answers.${code}`]);
  return Object.fromEntries(given.map(({ code, kind }) => [code, valued(kind, content[`answers.${code}`])]));
}

/** @param {string} kind @param {string} word */
function valued(kind, word) {
  if (kind === "number") return Number(word);
  return kind === "yes_no" ? word === "true" : word;
}

input.addEventListener("focus", () => { input.select(); offer(""); });
input.addEventListener("input", () => offer(input.value));
// What was typed and not taken is no choice; an emptied field takes the choice back.
input.addEventListener("blur", () => { if (!input.value.trim() && form.elements.category.value) taken(""); else name(); });
