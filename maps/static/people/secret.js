/** What is shown only once. It leaves the page with the dialogue. */
import { one } from "../common/dom.js";

const dialog = one("#secret"), place = one(".secret", dialog);

dialog.addEventListener("close", () => { place.textContent = ""; });

/** @param {string} title @param {string} secret */
export function reveal(title, secret) {
  one("h2", dialog).textContent = title;
  place.textContent = secret;
  dialog.showModal();
}
