/** What cannot wait: nobody gives the cards, some clocks cannot be served, a calendar is missing. */
import { figure, t } from "../common/boot.js";
import { one } from "../common/dom.js";
import { whole } from "../common/time.js";

const silent = one("#silent"), stuck = one("#stuck"), missing = one("#missing");

/** Only what changed is written, so that a screen reader tells it once. @param {any} place @param {string} words */
function say(place, words) {
  if (place.textContent !== words) place.textContent = words;
}

/** @param {any} board the answer of GET /v1/supervision */
export function showAlarms({ worker, missing_years: years }) {
  const since = worker.last_beat ? t("board_silent_since", { time: whole(worker.last_beat) }) : t("board_silent_ever");
  say(one(".said", silent), worker.silent ? since : "");
  silent.hidden = !worker.silent;
  say(stuck, worker.stuck ? t("board_stuck", { many: figure(worker.stuck) }) : "");
  stuck.hidden = !worker.stuck;
  say(missing, years.length ? t("board_missing_year", { years: years.join(", ") }) : "");
  missing.hidden = !years.length;
}
