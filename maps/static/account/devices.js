/** The devices on which one is signed in; a lost one is signed out from here. */
import { ask, told } from "../common/api.js";
import { t, titled } from "../common/boot.js";
import { el, one } from "../common/dom.js";
import { moment } from "../common/time.js";

const place = one("#sessions"), wrong = one(".summary", place.closest(".card"));

export async function listSessions() {
  const { items } = await ask("/v1/sessions");
  place.replaceChildren(...items.map(row));
}

/** @param {any} each a session of GET /v1/sessions */
function row(each) {
  return el("tr", {},
    el("td", { title: each.agent }, titled("device", each.device), " ",
      each.this ? el("span.chip", {}, t("session_this")) : null, each.pending ? el("span.chip.warn", {}, t("session_pending")) : null),
    el("td.mono", { "data-title": t("session_address") }, each.address),
    el("td.when", { "data-title": t("session_seen") }, moment(each.seen_at)),
    el("td.when", { "data-title": t("session_ends") }, moment(each.ends_at)),
    el("td", {}, each.this ? null : el("button.plain", { type: "button", click: () => end(each.id) }, t("session_end"))));
}

/** @param {string} id */
async function end(id) {
  wrong.hidden = true;
  try {
    await ask(`/v1/sessions/${encodeURIComponent(id)}`, { method: "DELETE" });
    await listSessions();
  } catch (error) {
    wrong.textContent = told(error);
    wrong.hidden = false;
  }
}
