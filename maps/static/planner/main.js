/** The planners' page: a question, the map in the colours of its answer, and the figures. */
import "../common/bar.js";
import { ask } from "../common/api.js";
import { boot, figure, said, t } from "../common/boot.js";
import { el, one } from "../common/dom.js";
import { clear, fail, sends } from "../common/form.js";
import { mark } from "../common/synthetic.js";
import { CityMap, NoMap, canDraw } from "../map/map.js";
import { say } from "../map/notice.js";
import { breaks, colour, legend } from "./classes.js";
import { Ground } from "./ground.js";
import { finding, save, showTable } from "./table.js";

const form = /** @type {HTMLFormElement} */ (one("#question"));
const SPOTS = ["hot", "warm", "plain", "cool", "cold"];
/** Grounds that the page has no shapes for are asked by the API. */
const DRAWN = new Set(boot.kinds);

const city = canDraw() ? await CityMap.open(one("#map")) : new NoMap();
const ground = new Ground(city);
/** @type {any} */
let known = null;
/** @type {any} */
let shown = null;

/** @param {string} name */
const field = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));

async function begin() {
  const [edition, catalogue] = await Promise.all([ground.open(), ask("/v1/analytics")]);
  known = catalogue;
  mark(edition ? [edition] : []);
  fill("source", known.sources);
  fill("by", known.grounds.filter((/** @type {any} */ each) => DRAWN.has(each.code)));
  fill("against", known.comparisons);
  field("by").value = "grid";
  const asked = new URLSearchParams(location.hash.slice(1));
  for (const [name, word] of Object.entries({ since: known.since, until: known.until, ...Object.fromEntries(asked) })) if (field(name)) field(name).value = word;
  one("#safety").textContent = known.exact ? t("plan_exact") : t("plan_safe", { k: known.k });
  await show().catch((error) => fail(form, error));
}

/** @param {string} name @param {any[]} choices */
function fill(name, choices) {
  field(name).append(...choices.map(({ code, title }) => el("option", { value: code }, said(title))));
}

/** The question as the address has it: it can be kept and sent. */
function question() {
  return new URLSearchParams([...new FormData(form)].map(([name, word]) => [name, String(word)]).filter(([, word]) => word !== ""));
}

async function show() {
  const asked = question(), what = asked.get("what") ?? "counts";
  history.replaceState(null, "", `#${asked}`);
  asked.delete("what");
  if (what === "hotspots") asked.delete("against");
  shown = await ask(`/v1/analytics/${what}?${asked}`);
  clear(form);
  await draw(asked);
}

/** @param {URLSearchParams} asked */
async function draw(asked) {
  const tested = Boolean(shown.method);
  one("#many").textContent = t("plan_many", { many: figure(shown.many) });
  one("#elsewhere").textContent = t("plan_elsewhere", { many: figure(shown.elsewhere) });
  one("#elsewhere").hidden = shown.elsewhere === 0;
  one("#explained").hidden = !tested;
  one("#explained").textContent = tested ? said(shown.explained) : "";
  one("#none").hidden = shown.many > 0;
  showTable(shown, (code) => ground.fly(code));
  const [colours, words] = tested ? spotted() : counted();
  one("#legend").replaceChildren(...words.map(([each, title]) => el("li", {}, swatch(each), title)));
  await ground.colour(asked.get("by") ?? "grid", colours);
  await trend(asked);
}

/** @param {string} colour */
function swatch(colour) {
  const made = el("i", {});
  made.style.background = colour; // by script: the policy allows no style attribute
  return made;
}

/** @returns {[Map<string, string>, [string, string][]]} */
function counted() {
  const ends = breaks(shown.items.map((/** @type {any} */ item) => item.total));
  const colours = new Map(shown.items.map((/** @type {any} */ item) => [item.code, colour(item.total, ends)]));
  return [colours, legend(ends, shown.exact ? null : shown.k)];
}

/** @returns {[Map<string, string>, [string, string][]]} */
function spotted() {
  const colours = new Map(shown.items.map((/** @type {any} */ item) => [item.code, boot.spots[item.heat]]));
  return [colours, SPOTS.map((heat) => [boot.spots[heat], finding(heat)])];
}

/** The same question over time, of the whole ground. @param {URLSearchParams} asked */
async function trend(asked) {
  const over = new URLSearchParams(asked);
  over.set("by", "district");
  over.set("period", known.exact ? "month" : "quarter");
  over.delete("against");
  const { items, periods } = await ask(`/v1/analytics/counts?${over}`);
  const counts = periods.map((/** @type {string} */ _, /** @type {number} */ place) => items.reduce((/** @type {number} */ sum, /** @type {any} */ item) => sum + item.counts[place], 0));
  const most = Math.max(...counts, 1);
  one("#trend").hidden = periods.length < 2;
  one("#trend .bars").replaceChildren(...periods.map((/** @type {string} */ period, /** @type {number} */ place) => {
    const bar = el("i", {});
    bar.style.height = `${(counts[place] / most) * 50}px`;
    return el("div", { title: `${period}: ${counts[place]}` }, el("b", {}, figure(counts[place])), bar, period.slice(2));
  }));
}

sends(form, show);
one("#save").addEventListener("click", () => shown && save(shown));
if (city instanceof NoMap) {
  say(t("no_webgl"), t("no_webgl_how"));
}
await begin();
document.documentElement.dataset.ready = boot.language;
