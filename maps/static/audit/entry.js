/** One deed as a row. */
import { said } from "../common/boot.js";
import { el } from "../common/dom.js";
import { whole } from "../common/time.js";

/** What was done in detail: names of fields and codes, no person. @param {Record<string, unknown>} content */
function told(content) {
  return Object.entries(content).map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`).join(" · ");
}

/** @param {any} entry of GET /v1/audit @param {(subject: string) => void} look */
export function row(entry, look) {
  const denied = ["denied", "sign_in_failed", "locked_out"].includes(entry.deed);
  return el("tr", {},
    el("td.mono", { title: entry.hash }, String(entry.id)),
    el("td.when", {}, whole(entry.at)),
    el("td", { title: entry.actor }, entry.actor_name || entry.actor),
    el("td", {}, denied ? el("span.chip.bad", {}, said(entry.title)) : said(entry.title)),
    el("td.left", {}, el("button.link.mono", { type: "button", click: () => look(entry.subject) }, entry.subject)),
    el("td.left", {}, entry.reason ? el("div", {}, entry.reason) : null, el("small.quiet", {}, told(entry.content))));
}
