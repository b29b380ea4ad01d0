/** A unit's inbox, asked for each second while it is in sight: what is sent appears at once. */
import "../common/bar.js";
import { Problem, Unreachable, ask, told } from "../common/api.js";
import { boot, t } from "../common/boot.js";
import { all, one, reconcile } from "../common/dom.js";
import { Freshness } from "../common/freshness.js";
import { mark } from "../common/synthetic.js";
import { FILTERS, dueWords, task } from "./tasks.js";
import { showWhistled } from "./whistled.js";

const EACH_MS = 1000, AFTER_FAILURE_MS = 5000, WHISTLES_MS = 5000;
const TITLE = document.title;
const trouble = one("#trouble");
const freshness = new Freshness(() => refresh());

/** What was answered last, which filter is on, and when whistles were asked for. */
const seen = { inbox: /** @type {any} */ (null), filter: "all", whistles_at: 0 };
/** @type {number | undefined} */
let timer;

function draw() {
  const { inbox, filter } = seen, now = new Date(inbox.now);
  one("#unit").textContent = inbox.unit_name ?? t("inbox_no_unit");
  for (const button of all("[data-filter]")) {
    const many = inbox.items.filter((/** @type {any} */ item) => FILTERS[button.dataset.filter](item, now)).length;
    one(".many", button).textContent = many ? String(many) : "";
    button.setAttribute("aria-pressed", String(button.dataset.filter === filter));
  }
  const shown = inbox.items.filter((/** @type {any} */ item) => FILTERS[filter](item, now))
    .map((/** @type {any} */ item) => ({ ...item, late: FILTERS.late(item, now), due: dueWords(item.due_at, now) }));
  const unit = { unit_code: inbox.unit_code, unit_name: inbox.unit_name };
  reconcile(one("#tasks"), shown, (item) => item.case_number, (item) => task(item, unit, refresh), (node, fresh) => { if (fresh) node.classList.add("fresh"); });
  one("#none").hidden = shown.length > 0;
  const unsigned = inbox.items.filter(FILTERS.unsigned).length;
  document.title = unsigned ? `(${unsigned}) ${TITLE}` : TITLE;
}

async function refresh() {
  try {
    seen.inbox = await ask("/v1/inbox");
    draw();
    mark(seen.inbox.items);
    if (Date.now() - seen.whistles_at >= WHISTLES_MS) await whistles();
    trouble.hidden = true;
    freshness.arrived();
    return EACH_MS;
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    trouble.textContent = told(error);
    trouble.hidden = seen.inbox !== null;
    freshness.failed();
    return AFTER_FAILURE_MS;
  }
}

async function whistles() {
  const { items } = await ask("/v1/whistles");
  showWhistled(items, seen.inbox.unit_code);
  seen.whistles_at = Date.now();
}

/** Again and again, but not while the page is hidden. */
async function listen() {
  clearTimeout(timer);
  if (document.hidden) return;
  const wait = await refresh();
  clearTimeout(timer);
  timer = setTimeout(listen, wait);
}

for (const button of all("[data-filter]")) button.addEventListener("click", () => { seen.filter = button.dataset.filter; if (seen.inbox) draw(); });
document.addEventListener("visibilitychange", listen);
await listen();
document.documentElement.dataset.ready = boot.language;
