/** A span of time in words of two figures at most. */
import { t } from "./boot.js";

const MINUTE = 60, HOUR = 3600, DAY = 86_400;

/** @param {number} seconds */
export function span(seconds) {
  if (seconds < HOUR) return t("board_minutes", { n: Math.floor(seconds / MINUTE) });
  if (seconds < DAY) return t("board_hours", { n: Math.floor(seconds / HOUR), m: Math.floor((seconds % HOUR) / MINUTE) });
  return t("board_days", { n: Math.floor(seconds / DAY), m: Math.floor((seconds % DAY) / HOUR) });
}
