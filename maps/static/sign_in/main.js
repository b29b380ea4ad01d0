/** Signing in: name and password, then the code of the second factor where there is one. */
import { ask } from "../common/api.js";
import { boot } from "../common/boot.js";
import { one } from "../common/dom.js";
import { sends } from "../common/form.js";

const OWN_PAGE = "/account";

const password = one("#password"), code = one("#code");

/** Where the person wanted to go: a path of this site and nothing else. */
function wanted() {
  const next = new URLSearchParams(location.search).get("next") ?? "/";
  const target = new URL(next, location.origin);
  return target.origin === location.origin && next.startsWith("/") ? target.pathname + target.search + target.hash : "/";
}

/** @param {any} me */
function enter(me) {
  location.replace(me.owes.length ? OWN_PAGE : wanted());
}

sends(password, async ({ name, password: secret, phone }) => {
  const me = await ask("/v1/sessions", { body: { name, password: secret, phone: phone === "on" } });
  if (me.pending) askForCode();
  else enter(me);
});

function askForCode() {
  password.hidden = true;
  code.hidden = false;
  code.elements.code.focus();
}

sends(code, async ({ code: digits }) => {
  enter(await ask("/v1/sessions/second-factor", { body: { code: digits.replace(/\s/g, "") } }));
});

one("#again").addEventListener("click", () => location.assign(location.pathname + location.search));
// Whoever was proven by the identity provider but not by a second factor is led here.
if (location.hash === "#code") askForCode();
document.documentElement.dataset.ready = boot.language;
