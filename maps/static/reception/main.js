/** The clerk's desk: one column in the order in which people tell it, kept at each key, filed by keyboard. */
import "../common/bar.js";
import { boot, t } from "../common/boot.js";
import { one } from "../common/dom.js";
import { say } from "../common/form.js";
import { seconds } from "../common/time.js";
import * as candidates from "./candidates.js";
import * as category from "./category.js";
import { Draft, taken } from "./draft.js";
import { beginning, content, fill, form, isBlank } from "./fields.js";
import { Filing } from "./filing.js";
import { listenToKeys } from "./keys.js";
import { Receipt } from "./receipt.js";
import { Shelf } from "./shelf.js";
import { Twins } from "./twins.js";

const LIVE = ["saved", "saving"];
const TOLD = { blank: () => t("reception_blank"), saving: () => t("reception_saving"), saved: () => t("reception_saved", { time: seconds(new Date(draft.kept.at)) }), failed: () => t("reception_unsaved") };
const saved = one("#saved"), desk = one("#desk");

const draft = new Draft(tell);
const twins = new Twins(content);
const shelf = new Shelf({ current: () => draft.kept.id, chosen: (other) => turnTo(taken(other)) });
const receipt = new Receipt(() => next());
const filing = new Filing(draft, complete);

/** @param {import("./draft.js").State} state @param {string} why */
function tell(state, why) {
  saved.dataset.state = LIVE.includes(state) ? "live" : { failed: "stale", refused: "stale" }[state] ?? "";
  one(".said", saved).textContent = TOLD[state]?.() ?? why;
  saved.title = why;
}

/** Show the draft in the form. */
function show() {
  const { content: words } = draft.kept;
  const shown = isBlank(words) ? beginning() : words;
  fill(shown);
  category.show(shown);
  candidates.show();
  filing.begin();
  twins.look();
}

/** Another draft into the form; the one before goes to the shelf. @param {Partial<import("./draft.js").Kept>} [other] */
async function turnTo(other) {
  draft.keep(content());
  form.inert = true; // what is typed now would belong to neither
  const begun = await draft.renew(other);
  form.inert = false;
  one("#name").focus();
  if (!begun) return say(form, t("reception_not_yet"));
  show();
  await shelf.refresh();
}

/** @param {import("./receipt.js").Filed} filed */
async function complete(filed) {
  draft.finish();
  desk.hidden = true;
  await receipt.show(filed);
}

async function next() {
  receipt.leave();
  desk.hidden = false;
  show();
  one("#name").focus();
  await draft.sending;
  await shelf.refresh();
}

form.addEventListener("input", () => { draft.keep(content()); twins.later(); });
one("#aside").addEventListener("click", () => turnTo());
listenToKeys({ file: () => filing.file(), next, done: () => !one("#done").hidden });
if (draft.kept.stored) tell("saved", "");
show();
one("#name").focus();
await Promise.allSettled([shelf.refresh(), filing.isSynthetic()]);
document.documentElement.dataset.ready = boot.language;
