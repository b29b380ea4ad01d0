/** Where the person is: the address with its case number, the column in use, the Escape key. */
import { all, one } from "../common/dom.js";

const CASE = /^#([A-Z]{2,4}-\d{4}-\d{6})$/;

/** @type {Element | null} */
let column = null;
document.addEventListener("focusin", ({ target }) => {
  column = (target instanceof Element && target.closest(".column")) || column;
});

/** The column that was used last. */
export const whichColumn = () => column;

/** The case in sight stands in the address: it can be sent on, and survives a change of language. @param {string | null} number */
export function named(number) {
  if (!number && !CASE.test(location.hash)) return;
  history.replaceState(null, "", number ? `#${number}` : location.pathname + location.search);
  for (const link of all(".switch a")) link.hash = number ?? "";
}

/** Open the case that the address names, now and whenever it changes. @param {(number: string) => void} open */
export function followed(open) {
  const follow = () => {
    const found = CASE.exec(location.hash);
    if (found) open(found[1]);
  };
  window.addEventListener("hashchange", follow);
  follow();
}

/** Escape closes the layers, else leaves the answer; never a form that is being filled in. @param {() => void} leave */
export function escaped(leave) {
  const layers = one("#layers");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const there = document.activeElement;
    if (layers.open && layers.contains(there)) {
      layers.open = false;
      one("summary", layers).focus();
    } else if (!there?.closest("form")) leave();
  });
}
