/** Made-up data says so in the bar of every page that shows some of it. */
import { one } from "./dom.js";

/** @param {{synthetic: boolean}[]} shown */
export function mark(shown) {
  if (shown.some((each) => each.synthetic)) one("#synthetic").hidden = false;
}
