/** The keyboard: each part of the form, the lists beside it and filing have a key of their own. */
import { all, one } from "../common/dom.js";
import { form } from "./fields.js";

const PLACES = { F2: "#name", F3: "#text", F4: "#address", F7: "#occurred_at", F8: "#people_involved" };
const LISTS = { F9: "#shelf", F10: "#twins" };

/** @param {{file: () => void, next: () => void, done: () => boolean}} deeds  done: the receipt is in sight */
export function listenToKeys({ file, next, done }) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.repeat || one("#dialog").open) return;
    if (done()) return event.key === "F2" ? taken(event, next) : undefined;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return taken(event, file);
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === "Enter" && event.target instanceof HTMLInputElement && !event.defaultPrevented) taken(event, () => onward(event.target));
    if (event.key in PLACES) taken(event, () => one(PLACES[event.key]).focus());
    if (event.key in LISTS) taken(event, () => enter(one(LISTS[event.key])));
  });
}

/** @param {KeyboardEvent} event @param {() => void} act */
function taken(event, act) {
  event.preventDefault();
  act();
}

/** Enter leads on: filing by accident, half told, would be worse. @param {EventTarget | null} from */
function onward(from) {
  const controls = all(":is(input:not([type=hidden]), select, textarea), #file", form);
  const place = controls.indexOf(from);
  if (place >= 0) controls[place + 1].focus();
}

/** The first thing that can be done in a list; its heading where there is nothing. @param {HTMLElement} list */
function enter(list) {
  const first = list.querySelector("li :is(a, button)") ?? one("h2", list);
  if (!(first instanceof HTMLAnchorElement || first instanceof HTMLButtonElement)) first.setAttribute("tabindex", "-1");
  /** @type {HTMLElement} */ (first).focus();
}
