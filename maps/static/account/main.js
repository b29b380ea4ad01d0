/** One's own account: who one is, the password, the second factor, the signed-in devices. */
import "../common/bar.js";
import { ask } from "../common/api.js";
import { boot, said, t, titled } from "../common/boot.js";
import { el, one } from "../common/dom.js";
import { sends } from "../common/form.js";
import { listSessions } from "./devices.js";
import { Factor } from "./factor.js";

/** @param {any} me the answer of GET /v1/me */
function show(me) {
  one("#who").textContent = me.name;
  const roles = me.roles.map((/** @type {any} */ role) => said(role.title)).join("、") || t("roles_none");
  const facts = [[t("roles"), roles], [t("unit"), me.unit_code ?? t("nothing")], [t("area"), me.area_prefix ?? t("nothing")]];
  one("#facts").replaceChildren(...facts.flatMap(([name, word]) => [el("dt", {}, name), el("dd", {}, word)]));
  const duty = one("#duty");
  duty.hidden = !me.owes.length;
  if (me.owes.length) duty.textContent = titled("duty", me.owes[0]);
}

const factor = new Factor((me) => { show(me); return listSessions(); });

sends(one("#change"), async ({ old, password }) => {
  const form = one("#change");
  one(".notice", form).hidden = true;
  show(await ask("/v1/me/password", { method: "PUT", body: { old, new: password } }));
  form.reset();
  one(".notice", form).hidden = false;
  await listSessions();
});

async function start() {
  show(await ask("/v1/me"));
  await Promise.all([listSessions(), factor.refresh()]);
  document.documentElement.dataset.ready = boot.language;
}

start();
