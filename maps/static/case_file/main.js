/** The file of one case: what is to be done next, by whom and until when, and all that happened. */
import "../common/bar.js";
import { Problem, Unreachable, told } from "../common/api.js";
import { boot, t } from "../common/boot.js";
import { one } from "../common/dom.js";
import { Freshness } from "../common/freshness.js";
import { mark } from "../common/synthetic.js";
import { number, read } from "./case.js";
import { clocks } from "./clocks.js";
import { custody } from "./custody.js";
import { head } from "./head.js";
import { links } from "./links.js";
import { mediation } from "./mediation.js";
import { parties } from "./parties.js";
import { risk } from "./risk.js";
import { steps } from "./steps.js";
import { timeline } from "./timeline.js";
import { units } from "./units.js";
import { whistles } from "./whistles.js";

const AGAIN_MS = 10_000;
const MISSING = 404;
const PARTS = ["head", "steps", "units", "whistles", "clocks", "risk", "custody", "mediation", "parties", "links", "timeline"];
const trouble = one("#trouble");
const freshness = new Freshness(() => refresh());
/** What each part showed last, so that nothing is drawn anew without need. @type {Map<string, string>} */
const shown = new Map();

/** @param {string} part @param {any} content @param {(content: any, refresh: () => Promise<void>) => (Node | null)[]} build */
function draw(part, content, build) {
  const place = one(`#${part}`), words = JSON.stringify(content);
  place.hidden = content === null;
  if (content === null || shown.get(part) === words) return;
  shown.set(part, words);
  place.replaceChildren(...build(content, refresh).filter((each) => each !== null));
}

async function refresh() {
  try {
    const seen = await read(), over = boot.ended.includes(seen.file.state_code);
    mark([seen.file]);
    draw("head", { file: seen.file, life: seen.steps }, head);
    draw("steps", seen.steps && { ...seen.steps, claims: seen.assignments?.items.length }, steps);
    draw("units", seen.assignments && { ...seen.assignments, over }, units);
    draw("clocks", seen.clocks && { ...seen.clocks, now: seen.clocks.now.slice(0, 16), names: names(seen.assignments) }, clocks);
    draw("whistles", seen.whistles && { over, items: seen.whistles.items.map((/** @type {any} */ each) => ({ ...each, now: null })) }, whistles);
    draw("risk", seen.grading, risk);
    draw("custody", seen.custody && { ...seen.custody, over }, custody);
    draw("mediation", seen.mediation && { ...seen.mediation, over, state: seen.file.state_code }, mediation);
    draw("parties", seen.parties, parties);
    draw("links", seen.links?.items.length ? seen.links : null, links);
    draw("timeline", seen.timeline, timeline);
    trouble.hidden = true;
    freshness.arrived();
  } catch (error) {
    failed(error);
  }
}

/** Name by code of the units of the case. @param {{items: any[]} | null} sent @returns {Record<string, string>} */
function names(sent) {
  return Object.fromEntries((sent?.items ?? []).map((each) => [each.unit_code, each.unit_name]));
}

/** @param {unknown} error */
function failed(error) {
  if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
  const missing = error instanceof Problem && error.status === MISSING;
  trouble.textContent = missing ? t("case_missing") : told(error);
  trouble.hidden = !missing && shown.size > 0;
  if (missing) for (const part of PARTS) one(`#${part}`).hidden = true;
  else freshness.failed();
}

document.title = `${number} · ${document.title}`;
await refresh();
setInterval(refresh, AGAIN_MS);
document.documentElement.dataset.ready = boot.language;
