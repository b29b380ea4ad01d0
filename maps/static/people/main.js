/** People, units and tokens, as their administrators look after them. */
import "../common/bar.js";
import { ask, told } from "../common/api.js";
import { boot, may, t } from "../common/boot.js";
import { one } from "../common/dom.js";
import { clear, sends } from "../common/form.js";
import { row } from "./list.js";
import { Panel } from "./person.js";
import { reveal } from "./secret.js";
import { Tokens } from "./tokens.js";
import { listUnits } from "./units.js";

const PAGE = 50;
const list = one("#people"), more = one("#more"), trouble = one("#trouble");

/** @param {unknown} error */
function complain(error) {
  trouble.textContent = told(error);
  trouble.hidden = false;
}

const tokens = may("tokens") ? new Tokens() : null;
const panel = new Panel({
  changed: () => show(null),
  made: () => tokens?.refresh(),
  scopes: boot.scopes,
});

/** @param {string | null} after */
async function show(after) {
  const q = one("#q").value.trim() || null;
  const { items, next } = await ask("/v1/people", { words: { q, after, limit: PAGE } });
  if (after === null) list.replaceChildren();
  list.append(...items.map((/** @type {any} */ person) => row(person, () => panel.open(person.id))));
  one("#none").hidden = list.childElementCount > 0;
  more.hidden = next === null;
  more.dataset.after = next ?? "";
  trouble.hidden = true;
}

one("#search").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  show(null).catch(complain);
});
more.addEventListener("click", () => show(more.dataset.after).catch(complain));

/** Creating is for the system administrator; for others the form is not on the page. */
function startCreating() {
  const form = one("#create");
  const open = (/** @type {boolean} */ shown) => {
    form.hidden = !shown;
    clear(form);
    form.reset();
    if (shown) form.elements.sign_in_name.focus();
  };
  one("#new").addEventListener("click", () => open(true));
  one("#create-close").addEventListener("click", () => open(false));
  sends(form, async (words) => {
    const given = Object.fromEntries(Object.entries(words).map(([name, word]) => [name, word.trim() || null]));
    const { person, first_password } = await ask("/v1/people", { body: given });
    open(false);
    await Promise.all([show(null), panel.open(person.id)]);
    reveal(t("secret_password", { name: person.full_name }), first_password);
  });
}

if (may("create")) startCreating();
await Promise.all([show(null), listUnits(), tokens?.refresh()]).catch(complain);
document.documentElement.dataset.ready = boot.language;
