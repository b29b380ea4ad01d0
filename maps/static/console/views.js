/** Which section is open: one in each column, and one of them in front on a phone. */
import { all, one } from "../common/dom.js";

/** @param {string} name due, reports, placements, answer or filing */
export function open(name) {
  const view = one(`#${name}`), column = view.closest(".column");
  for (const other of all(".view", column)) other.toggleAttribute("data-current", other === view);
  for (const other of all(".column")) other.toggleAttribute("data-front", other === column);
  for (const button of all("[data-view]")) {
    const there = one(`#${button.dataset.view}`);
    const phone = Boolean(button.closest(".dock"));
    const current = phone ? there === view : there.hasAttribute("data-current");
    if (current) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

export function start() {
  for (const button of all("[data-view]"))
    button.addEventListener("click", () => {
      open(button.dataset.view);
      if (button.matches(".skip")) one("#file-category").focus();
    });
  open("answer");
  open("reports");
}

/** @param {string} name @param {number} number @param {number} [most]  what is counted at most */
export function count(name, number, most = Infinity) {
  for (const badge of all(`[data-count="${name}"]`)) {
    badge.textContent = number < most ? String(number) : `${most - 1}+`;
    badge.hidden = number === 0;
  }
}
