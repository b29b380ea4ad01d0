/** The board of supervision: what is late and whose it is, looked at again every ten seconds. */
import "../common/bar.js";
import { Problem, Unreachable, ask, told } from "../common/api.js";
import { boot } from "../common/boot.js";
import { one } from "../common/dom.js";
import { Freshness } from "../common/freshness.js";
import { mark } from "../common/synthetic.js";
import { showAlarms } from "./alarms.js";
import "./calendar.js";
import { showCards, showLate } from "./lists.js";
import "./limits.js";
import { showTiles, showUnits } from "./units.js";

const AGAIN_MS = 10_000;
const MOST = 200;
const trouble = one("#trouble");
const freshness = new Freshness(() => refresh());

/** What was answered last, and the unit whose clocks are shown alone. @type {{board: any, unit: string | null}} */
const seen = { board: null, unit: null };

function draw() {
  const { board, unit } = seen;
  showAlarms(board);
  showTiles(board.counts);
  showUnits(board.counts, unit, choose);
  showLate(board, unit, MOST);
  showCards(board);
}

/** Show the clocks of one unit alone, or of all again. @param {string | null} unit */
function choose(unit) {
  seen.unit = unit === seen.unit ? null : unit;
  draw();
}

async function refresh() {
  try {
    seen.board = await ask("/v1/supervision", { words: { limit: MOST } });
    trouble.hidden = true;
    draw();
    mark([...seen.board.late, ...seen.board.cards]);
    freshness.arrived();
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    trouble.textContent = told(error);
    trouble.hidden = seen.board !== null;
    freshness.failed();
  }
}

one("#all-units").addEventListener("click", () => choose(null));
await refresh();
setInterval(refresh, AGAIN_MS);
document.documentElement.dataset.ready = boot.language;
