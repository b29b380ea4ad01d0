/** The working calendar of a year, month by month. */
import { ask, told } from "../common/api.js";
import { boot, figure, t } from "../common/boot.js";
import { all, el, one } from "../common/dom.js";
import { local } from "../common/time.js";

const section = one("#calendar"), summary = one("#calendar-said"), months = one(".months", section);
const MONTH = new Intl.DateTimeFormat(boot.language, { month: "long", timeZone: "UTC" });
const FIRST_YEAR = 2000, LAST_YEAR = 2100;
const today = local(new Date()).slice(0, 10);
let year = Number(today.slice(0, 4));

/** The days of a month as dates in UTC, which have no summer time. @param {number} month */
function daysOf(month) {
  const many = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Array.from({ length: many }, (_, day) => new Date(Date.UTC(year, month, day + 1)));
}

/** Monday is 0. @param {Date} day */
const weekday = (day) => (day.getUTCDay() + 6) % 7;
/** @param {Date} day */
const iso = (day) => day.toISOString().slice(0, 10);

/** @param {Date} day @param {Map<string, any>} known */
function cell(day, known) {
  const special = known.get(iso(day));
  const kind = special ? (special.working ? "worked" : "off") : weekday(day) > 4 ? "weekend" : "plain-day";
  const title = special ? `${special.name} · ${kind === "worked" ? t("calendar_worked") : t("calendar_off")}` : undefined;
  const now = iso(day) === today ? ".today" : "";
  return el(`span.${kind}${now}`, { title, "aria-label": title && `${iso(day)} ${title}` }, String(day.getUTCDate()));
}

/** @param {number} month @param {Map<string, any>} known */
function monthOf(month, known) {
  const days = daysOf(month);
  const gap = Array.from({ length: weekday(days[0]) }, () => el("span"));
  return el("li", {}, el("h3", {}, MONTH.format(days[0])), el("div.month", {}, ...gap, ...days.map((day) => cell(day, known))));
}

/** @param {any} found the answer of GET /v1/calendar/{year} */
function show(found) {
  const known = new Map(found.days.map((/** @type {any} */ each) => [each.day, each]));
  const days = Array.from({ length: 12 }, (_, month) => daysOf(month)).flat();
  const worked = days.filter((day) => known.get(iso(day))?.working ?? weekday(day) < 5).length;
  summary.textContent = found.known ? t("calendar_days", { many: figure(worked) }) : t("calendar_unknown");
  months.replaceChildren(...Array.from({ length: 12 }, (_, month) => monthOf(month, known)));
}

async function load() {
  one(".year", section).textContent = String(year);
  await ask(`/v1/calendar/${year}`).then(show, (error) => { summary.textContent = told(error); });
}

for (const button of all("[data-step]", section))
  button.addEventListener("click", () => {
    year = Math.min(Math.max(year + Number(button.dataset.step), FIRST_YEAR), LAST_YEAR);
    return load();
  });

await load();
