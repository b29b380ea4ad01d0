/** The routing rules: what holds, changing it as a draft, trying it, putting it in force. */
import "../common/bar.js";
import { Problem, ask, told } from "../common/api.js";
import { boot, may, t } from "../common/boot.js";
import { asking } from "../common/dialog.js";
import { one } from "../common/dom.js";
import { edit } from "./editing.js";
import { showRules } from "./list.js";
import { startTrial } from "./trial.js";
import { showVersions } from "./versions.js";
import { names } from "./words.js";

const trouble = one("#trouble"), notice = one("#said");

/** What holds, and the list on the page. @type {{held: any, rules: any[], changed: boolean}} */
const seen = { held: null, rules: [], changed: false };

/** @param {any[]} [faults] */
function draw(faults = []) {
  showRules(seen.rules, faults, may("change") ? { move, edit: change, remove } : null);
  const { version } = seen.held;
  const holds = version ? t("rules_in_force", { version }) : t("rules_by_default");
  one("#standing").textContent = seen.changed ? t("rules_editing") : holds;
  one("#undo").hidden = !seen.changed;
  one("#save").disabled = !seen.changed;
}

/** @param {any} held  the answer of GET /v1/rules */
function take(held) {
  seen.held = held;
  put(held.rules, false);
  showVersions(held.versions, { load: (version) => put(version.rules, true), changed: take });
}

/** @param {any[]} rules @param {boolean} changed */
function put(rules, changed = true) {
  seen.rules = rules;
  seen.changed = changed;
  say("");
  draw();
}

/** @param {number} place @param {number} by */
function move(place, by) {
  const rules = [...seen.rules];
  rules.splice(place + by, 0, ...rules.splice(place, 1));
  put(rules);
}

/** @param {number} place */
function change(place) {
  edit(t("rules_edit", { title: seen.rules[place].title }), seen.rules[place], (rule) => put(seen.rules.with(place, rule)));
}

/** @param {number} place */
function remove(place) {
  put(seen.rules.filter((_, other) => other !== place));
}

/** Ask with the rules of the page; faults stand at their rules. @param {string} path @param {any} body */
async function send(path, body) {
  try {
    say("");
    return await ask(path, { body: { rules: seen.rules, ...body } });
  } catch (error) {
    if (error instanceof Problem) draw(error.faults);
    say(told(error), false);
    throw error;
  }
}

/** @param {string} words @param {boolean} [good] */
function say(words, good = true) {
  notice.textContent = good ? words : "";
  notice.hidden = !words || !good;
  trouble.textContent = good ? "" : words;
  trouble.hidden = !words || good;
}

one("#add").addEventListener("click", () => edit(t("rules_add"), null, (rule) => put([rule, ...seen.rules])));
one("#undo").addEventListener("click", () => put(seen.held.rules, false));
one("#check").addEventListener("click", () => send("/v1/rules/check", {}).then(() => { draw(); say(t("rules_sound")); }, () => null));
one("#save").addEventListener("click", () => send("/v1/rules/check", {}).then(() => asking(t("rules_save"), [{ name: "reason", title: t("case_reason"), kind: "prose" }], async ({ reason }) => {
  take(await send("/v1/rules", { reason }));
  say(t("rules_saved", { version: seen.held.versions[0].id }));
}), () => null));

if (may("change")) {
  const { items } = await ask("/v1/units");
  for (const { code, name } of items) names[code] = name;
}
const held = await ask("/v1/rules");
Object.assign(names, held.names);
one("#deeds").hidden = !may("change");
if (may("try")) startTrial(() => seen.rules);
take(held);
document.documentElement.dataset.ready = boot.language;
