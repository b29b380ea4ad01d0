/** Beijing time, whatever clock zone the computer is set to. */
import { boot } from "./boot.js";

const ZONE = "Asia/Shanghai";

/** @param {Intl.DateTimeFormatOptions} words */
const clock = (words) => new Intl.DateTimeFormat(boot.language, { timeZone: ZONE, hourCycle: "h23", ...words });

const SECONDS = clock({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const MINUTES = clock({ hour: "2-digit", minute: "2-digit" });
const DAY = clock({ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
const WHOLE = clock({ year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
const EXACT = clock({ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
const PARTS = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, dateStyle: "short", timeStyle: "short" });

/** @param {Date} instant */
export const seconds = (instant) => SECONDS.format(instant);

/** To the second. @param {string} iso */
export const whole = (iso) => EXACT.format(new Date(iso));

/** The whole date and time. @param {string} iso */
export const moment = (iso) => WHOLE.format(new Date(iso));

/**
 * As short as it stays clear: the hour today, the day this year, else all of it.
 * @param {string} iso
 * @param {Date} now
 */
export function briefly(iso, now) {
  const then = new Date(iso), today = local(now), day = local(then);
  if (day.slice(0, 10) === today.slice(0, 10)) return MINUTES.format(then);
  return (day.slice(0, 4) === today.slice(0, 4) ? DAY : WHOLE).format(then);
}

/**
 * The end of a period: midnight is 24:00 of the day that it ends.
 * @param {string} iso
 * @param {Date} now
 */
export function ending(iso, now) {
  if (!local(new Date(iso)).endsWith("T00:00")) return briefly(iso, now);
  const minuteBefore = new Date(new Date(iso).getTime() - 60_000).toISOString();
  return briefly(minuteBefore, now).replace("23:59", "24:00");
}

/** The value of a datetime-local field in Beijing time. @param {Date} instant */
export const local = (instant) => PARTS.format(instant).replace(" ", "T");

/** An instant with its offset, from a datetime-local field. @param {string} value */
export const fromLocal = (value) => `${value}:00+08:00`;
