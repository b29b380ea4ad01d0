/** Words over the map, or in its place. */
import { one } from "../common/dom.js";

/** @param {string} title nothing: the notice goes away @param {string} how to mend it */
export function say(title, how) {
  const place = one("#no-map");
  one("strong", place).textContent = title;
  one("span", place).textContent = how;
  place.hidden = !title;
}
