/** Checking the whole chain against its head and the anchors outside of the database. */
import { ask, told } from "../common/api.js";
import { figure, said, t } from "../common/boot.js";
import { el, one } from "../common/dom.js";

const button = one("#verify"), notice = one("#verified"), flaws = one("#flaws");

/** @param {string} words @param {boolean} good */
function say(words, good) {
  notice.textContent = words;
  notice.classList.toggle("good", good);
  notice.hidden = false;
}

/** @param {any} found the answer of GET /v1/audit/verification */
function show(found) {
  const counts = { entries: figure(found.entries), anchors: figure(found.anchors), found: figure(found.found) };
  say(found.sound ? t("audit_sound", counts) : t("audit_damaged", counts), found.sound);
  flaws.replaceChildren(...found.flaws.map((/** @type {any} */ flaw) => el("li.danger", {}, said(flaw.what))));
}

button.addEventListener("click", async () => {
  button.setAttribute("aria-disabled", "true");
  await ask("/v1/audit/verification").then(show, (error) => say(told(error), false));
  button.removeAttribute("aria-disabled");
});
