/** The audit: searched by its administrator, and its chain checked. Every search is written down itself. */
import "../common/bar.js";
import { ask } from "../common/api.js";
import { boot } from "../common/boot.js";
import { one } from "../common/dom.js";
import { fail, sends } from "../common/form.js";
import { fromLocal } from "../common/time.js";
import { row } from "./entry.js";
import "./verification.js";

const PAGE = 50;
const form = one("#search"), entries = one("#entries"), more = one("#more");

/** What the next page is asked by. @type {{path: string, words: Record<string, unknown>}} */
let asked = { path: "/v1/audit", words: {} };

/** @param {number | null} after */
async function show(after) {
  const { items, next } = await ask(asked.path, { words: { ...asked.words, limit: PAGE, after } });
  if (after === null) entries.replaceChildren();
  entries.append(...items.map((/** @type {any} */ entry) => row(entry, (subject) => lookAt(subject))));
  one("#none").hidden = entries.childElementCount > 0;
  more.hidden = next === null;
  more.dataset.after = next ?? "";
}

/** @param {Record<string, string>} words */
function filters({ deed, subject, actor, from, until }) {
  return {
    deed: deed || null, subject: subject.trim() || null, actor: actor.trim() || null,
    from: from ? fromLocal(from) : null, until: until ? fromLocal(until) : null,
  };
}

/** @param {string} subject */
function lookAt(subject) {
  form.elements.subject.value = subject;
  form.requestSubmit();
}

sends(form, async (words) => {
  asked = { path: "/v1/audit", words: filters(/** @type {any} */ (words)) };
  await show(null);
});

one("#lookers").addEventListener("click", async () => {
  const subject = form.elements.subject.value.trim();
  if (!subject) return form.elements.subject.focus();
  asked = { path: `/v1/audit/subjects/${encodeURIComponent(subject)}`, words: {} };
  await show(null).catch((error) => fail(form, error));
});

more.addEventListener("click", () => show(Number(more.dataset.after)).catch((error) => fail(form, error)));

await show(null).catch((error) => fail(form, error));
document.documentElement.dataset.ready = boot.language;
