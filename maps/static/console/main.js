/** The first screen: wires map, lists, answers and forms to the API. */
import "../common/bar.js";
import { Answers } from "./answers.js";
import { answering } from "./answer.js";
import { ask, told } from "../common/api.js";
import { boot, may, t } from "../common/boot.js";
import { all, one } from "../common/dom.js";
import { Filing } from "./filing.js";
import { Freshness } from "../common/freshness.js";
import { Ground } from "./ground.js";
import { escaped, followed, named, whichColumn } from "./hand.js";
import { CityMap, NoMap, canDraw } from "../map/map.js";
import { say } from "../map/notice.js";
import { Placements, offered } from "./placements.js";
import { Queue } from "./queue.js";
import { readReport } from "./reading.js";
import { ReportList } from "./reports.js";
import { Search } from "./search.js";
import * as views from "./views.js";

const EVERY_MS = 4000;
const LATEST = 60;
const NARROW = matchMedia("(max-width: 860px)");
const WIDE_STAGE_PX = 760;

/** @type {any} */
let map = new NoMap();
let round = 0;

const freshness = new Freshness(() => refresh());
const ground = new Ground(() => map);
const queue = new Queue({ chosen: (number) => answers.open(number), changed: () => refresh() });
const list = new ReportList((number) => answers.open(number));
const answers = new Answers({
  map: () => map,
  file: (place) => { filing.begin(place); views.open("filing"); one("#file-category").focus(); },
  opened: (number) => { named(number); list.choose(number); showPoints(); },
  decide: (number) => placements.only(number),
  left: () => { if (NARROW.matches) views.open("reports"); },
});
const placements = new Placements({
  look: (item) => {
    if (item.lon !== null) { map.mark(item.lon, item.lat); map.fly(item.lon, item.lat); }
    map.light(offered(item));
  },
  picked: (place) => map.mark(place.lon, place.lat),
  open: (number) => answers.open(number),
  decided: refresh,
  units: (kind) => ground.units(kind),
});
const filing = new Filing({
  filed: (made) => {
    if (made.route) {
      map.mark(made.route.lon, made.route.lat);
      map.fly(made.route.lon, made.route.lat);
      map.light(answering(made.route));
    }
    refresh();
  },
  show: (made) => answers.open(made.case_number),
  synthetic: () => ground.synthetic,
});

/**
 * A click on the map sets the place that a form wants; else it opens a report or asks who answers.
 * @param {{lon: number, lat: number, report: string | null}} click
 */
function clicked({ lon, lat, report }) {
  const place = { lon, lat, radius: 0 };
  const wanting = [placements, filing].filter((form) => form.wantsPlace);
  const form = wanting.find(({ view }) => whichColumn() === view.closest(".column")) ?? wanting[0];
  if (form === filing) map.mark(lon, lat);
  if (form) form.begin(place);
  else if (report) answers.open(report);
  else answers.who(place);
}

function showPoints() {
  const points = queue.current ? queue.points : list.items.filter((item) => item.lon !== null);
  map.setReports(points, list.current);
}

/** One round of questions; the next begins when it has ended. */
async function refresh() {
  const turn = ++round;
  try {
    const [reports, held, due] = await Promise.all([
      ask("/v1/reports", { words: { limit: LATEST } }),
      may("queue") ? ask("/v1/placements", { words: placements.query }) : null,
      may("due") ? ask("/v1/queue", { words: queue.query }) : null,
      ground.refresh(),
    ]);
    if (turn !== round) return;
    list.show(reports.items.map(readReport), ground.synthetic);
    if (held) placements.show(held);
    if (due) queue.show(due);
    showPoints();
    one("#synthetic").hidden = !(ground.synthetic || list.items.some((item) => item.synthetic));
    one("#place").textContent = ground.title;
    freshness.arrived();
  } catch (error) {
    if (turn !== round) return;
    list.fail(told(error));
    freshness.failed();
  }
}

async function openMap() {
  if (!canDraw()) return say(t("no_webgl"), t("no_webgl_how"));
  try {
    map = await CityMap.open(one("#map"));
  } catch {
    return say(t("no_webgl"), t("no_webgl_how"));
  }
  map.listen(clicked);
  for (const box of all("#layers input")) {
    box.addEventListener("change", () => map.show(box.value, box.checked));
    map.show(box.value, box.checked);
  }
  one("#home").addEventListener("click", () => map.home());
}

async function keepFresh() {
  await refresh();
  setTimeout(keepFresh, EVERY_MS);
}

async function start() {
  views.start();
  one("#layers").open = one(".stage").clientWidth > WIDE_STAGE_PX;
  new Search({
    found: (place) => { map.fly(place.lon, place.lat, place.radius); answers.who(place); },
    opened: (number) => answers.open(number),
  });
  escaped(() => answers.leave());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
  await openMap();
  await keepFresh();
  followed((number) => answers.open(number));
  document.documentElement.dataset.ready = boot.language;
}

start();
