/** The first screen: wires map, lists, answers and forms to the API. */
import { ask, told } from "./api.js";
import { boot, t } from "./boot.js";
import { answering, sheet } from "./answer.js";
import { casesheet } from "./casefile.js";
import { all, el, one } from "./dom.js";
import { Filing } from "./filing.js";
import { Freshness } from "./freshness.js";
import { CityMap, NoMap, canDraw } from "./map.js";
import { Placements } from "./placements.js";
import { readCase, readReport } from "./reading.js";
import { ReportList } from "./reports.js";
import { Search } from "./search.js";
import * as views from "./views.js";

const EVERY_MS = 4000;
const LATEST = 60;
const NARROW = matchMedia("(max-width: 860px)");

/** What the parts share. */
const room = {
  /** @type {any} */ map: new NoMap(),
  /** @type {Record<string, import("./types.js").Features>} */ areas: {},
  /** @type {import("./types.js").Layers | null} */ layers: null,
  madeUp: false,
  asked: 0,
};

const answer = one("#answer");
const freshness = new Freshness(() => refresh());
const list = new ReportList(openReport);
const placements = new Placements({ look, decided: () => refresh(), units });
const filing = new Filing({ filed, show: (made) => openCase(made.case_number), synthetic: () => room.madeUp });

/** Every unit of a kind, once. @param {string} kind */
function units(kind) {
  const named = (room.areas[kind]?.features ?? []).map(({ properties }) => [properties.unit_code, properties]);
  return [...new Map(/** @type {any} */ (named)).values()];
}

/** Ask who is responsible, and show it. @param {{lon: number, lat: number, radius: number}} place */
async function who(place) {
  const turn = ++room.asked;
  list.choose(null);
  room.map.mark(place.lon, place.lat, place.radius);
  views.open("answer");
  answer.classList.add("busy");
  if (!answer.querySelector(".sheet")) answer.replaceChildren(el("div.empty", {}, t("asking")));
  try {
    const words = { lon: place.lon.toFixed(7), lat: place.lat.toFixed(7), datum: "wgs84", accuracy_m: place.radius || null };
    const route = await ask("/v1/route", { words });
    if (turn !== room.asked) return;
    room.map.light(answering(route));
    present(sheet(route, place.radius, () => { filing.begin(place); views.open("filing"); one("#file-category").focus(); }));
  } catch (error) {
    if (turn === room.asked) present(failure(t("who_failed"), error));
  } finally {
    if (turn === room.asked) answer.classList.remove("busy");
  }
}

/** @param {string} title @param {unknown} error */
function failure(title, error) {
  return el("div.empty", {}, el("strong", {}, title), el("span", {}, told(error)));
}

/** @param {HTMLElement} made */
function present(made) {
  answer.replaceChildren(made);
  answer.scrollTop = 0;
}

/** @param {string} id of a report in the list */
function openReport(id) {
  const item = list.items.find((each) => each.id === id);
  if (!item) return;
  list.choose(id);
  if (item.lon !== null) room.map.fly(item.lon, item.lat);
  openCase(item.number);
}

/** @param {string} number */
async function openCase(number) {
  const turn = ++room.asked;
  views.open("answer");
  answer.classList.add("busy");
  try {
    const file = readCase(await ask(`/v1/cases/${encodeURIComponent(number)}`));
    if (turn !== room.asked) return;
    if (file.lon !== null) { room.map.mark(file.lon, file.lat, file.radius); room.map.fly(file.lon, file.lat); }
    room.map.light(file.route ? answering(file.route) : {});
    present(casesheet(file, leave));
    showReports(list.items);
  } catch (error) {
    if (turn === room.asked) present(failure(t("case_failed"), error));
  } finally {
    if (turn === room.asked) answer.classList.remove("busy");
  }
}

function leave() {
  list.choose(null);
  room.map.unmark();
  showReports(list.items);
  present(el("div.empty", {}, el("strong", {}, t("who")), el("span", {}, t("who_how"))));
  if (NARROW.matches) views.open("reports");
}

/** @param {import("./types.js").Placement} placement */
function look({ lon, lat }) {
  if (lon === null || lat === null) return;
  room.map.mark(lon, lat, 0);
  room.map.fly(lon, lat);
}

/** @param {any} made the answer to a report */
function filed(made) {
  if (made.route) {
    room.map.mark(made.route.lon, made.route.lat, 0);
    room.map.light(answering(made.route));
  }
  refresh();
}

/** A click on the map answers who is responsible; while a place is wanted it also sets the place. @param {number} lon @param {number} lat */
function clicked(lon, lat) {
  const place = { lon, lat, radius: 0 };
  if (!filing.wantsPlace) return who(place);
  filing.begin(place);
  room.map.mark(lon, lat, 0);
}

/** @param {any[]} items */
function showReports(items) {
  list.show(items);
  room.map.setReports(items.filter((item) => item.lon !== null), list.current);
}

function markMadeUp() {
  const edition = room.layers?.edition?.source === "synthetic";
  room.madeUp = edition;
  one("#synthetic").hidden = !(edition || list.items.some((item) => item.synthetic));
}

/** One round of questions; the next begins when it has ended. */
async function refresh() {
  const turn = (room.round = (room.round ?? 0) + 1);
  try {
    if (!room.layers) await loadLayers();
    const [reports, queue] = await Promise.all([
      ask("/v1/reports", { words: { limit: LATEST } }),
      ask("/v1/placements"),
    ]);
    if (turn !== room.round) return;
    showReports(reports.items.map(readReport));
    placements.show(queue.items);
    markMadeUp();
    freshness.arrived();
  } catch (error) {
    if (turn !== room.round) return;
    freshness.failed();
    list.fail(told(error));
  }
}

async function loadLayers() {
  /** @type {import("./types.js").Layers} */
  const layers = await ask("/v1/layers");
  if (layers.bounds) room.map.frame(layers.bounds);
  for (const { kind, areas } of layers.layers) one(`[data-many="${kind}"]`).textContent = areas ? String(areas) : "";
  notice(layers.edition ? "" : t("no_areas"), t("no_areas_how"));
  await Promise.all(layers.layers.filter((layer) => layer.areas).map(({ kind }) => loadAreas(kind)));
  room.layers = layers;
}

/** @param {string} kind */
async function loadAreas(kind) {
  room.areas[kind] = await ask(`/v1/layers/${kind}.geojson`);
  await room.map.setAreas(kind, room.areas[kind]);
}

/** Words in place of the map, or over it. @param {string} title @param {string} how */
function notice(title, how) {
  const place = one("#no-map");
  if (!title && room.map instanceof NoMap) return;
  one("strong", place).textContent = title;
  one("span", place).textContent = how;
  place.hidden = !title;
}

async function openMap() {
  try {
    if (!canDraw()) throw new Error("WebGL 2 is missing");
    room.map = await CityMap.open(one("#map"));
  } catch {
    notice(t("no_webgl"), t("no_webgl_how"));
    return;
  }
  room.map.listen(clicked, openReport);
  for (const box of all("#layers input")) box.addEventListener("change", () => room.map.show(box.value, box.checked));
  for (const box of all("#layers input")) room.map.show(box.value, box.checked);
  one("#home").addEventListener("click", () => room.map.home());
}

async function keepFresh() {
  await refresh();
  setTimeout(keepFresh, EVERY_MS);
}

async function start() {
  views.start();
  one("#layers").open = !NARROW.matches;
  new Search((place) => { room.map.fly(place.lon, place.lat, place.radius); who(place); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
  await openMap();
  document.documentElement.dataset.ready = boot.language;
  await keepFresh();
}

start();
