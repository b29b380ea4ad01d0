/** The assessor's bench: what waits, the case in hand, one after the other. */
import "../common/bar.js";
import { Problem, Unreachable, ask, told } from "../common/api.js";
import { boot, t } from "../common/boot.js";
import { one } from "../common/dom.js";
import { Freshness } from "../common/freshness.js";
import { mark } from "../common/synthetic.js";
import { startCalibration } from "./calibration.js";
import { caseInHand, lay } from "./case.js";
import { after, choose, showWaiting } from "./waiting.js";

const AGAIN_MS = 10_000;
const trouble = one("#trouble"), notice = one("#said");
const freshness = new Freshness(() => refresh());
const form = await ask("/v1/risk/form");

/** What waits, and the case in hand. @type {{queue: any, number: string | null}} */
const seen = { queue: { total: 0, to_assess: [], to_confirm: [] }, number: null };

async function refresh() {
  try {
    seen.queue = await ask("/v1/risk/queue");
    showWaiting(seen.queue, open);
    choose(seen.number);
    mark([...seen.queue.to_assess, ...seen.queue.to_confirm]);
    trouble.hidden = true;
    freshness.arrived();
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    say(told(error));
    freshness.failed();
  }
}

/** @param {string} words */
function say(words) {
  trouble.textContent = words;
  trouble.hidden = false;
}

/** @param {string | null} number */
async function open(number) {
  seen.number = number;
  choose(number);
  history.replaceState(null, "", number ? `#${number}` : location.pathname);
  if (number === null) return lay([]);
  const risk = await ask(`/v1/cases/${encodeURIComponent(number)}/grading`).catch(told);
  if (seen.number !== number) return;
  if (typeof risk === "string") return say(risk);
  trouble.hidden = true;
  mark([risk]);
  lay(caseInHand(form, risk, graded));
}

/** Say what came of it and go on to the next one. @param {any} risk */
async function graded(risk) {
  const [latest] = risk.items, number = risk.number;
  const words = { valid: t("assess_done", { number, grade: boot.grades[risk.grade] }), pending: t("assess_pending", { number }), declined: t("assess_declined", { number }) };
  const next = after(number, seen.queue.to_assess);
  notice.textContent = words[/** @type {"valid" | "pending" | "declined"} */ (latest.standing)];
  notice.hidden = false;
  await refresh();
  await open(next);
}

await refresh();
await startCalibration();
const asked = decodeURIComponent(location.hash.slice(1));
if (asked) await open(asked);
setInterval(refresh, AGAIN_MS);
document.documentElement.dataset.ready = boot.language;
