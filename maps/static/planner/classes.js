/** Into which class of the ramp a count falls, and what the legend says of it. */
import { boot, figure, t } from "../common/boot.js";

/** The upper ends of classes that hold about as many areas each. @param {number[]} counts */
export function breaks(counts) {
  const some = counts.filter((count) => count > 0).sort((one, other) => one - other);
  const many = boot.ramp.length;
  const ends = boot.ramp.map((/** @type {string} */ _, /** @type {number} */ place) => some[Math.ceil(((place + 1) * some.length) / many) - 1] ?? 0);
  return [...new Set(ends)].filter((end) => end > 0);
}

/** @param {number} count @param {number[]} ends @returns {string} a colour; none for nothing */
export function colour(count, ends) {
  if (count <= 0) return "rgba(0,0,0,0)";
  const place = ends.findIndex((end) => count <= end);
  return ramp(place, ends.length);
}

/** Few classes take the ramp's ends too. @param {number} place @param {number} many */
const ramp = (place, many) => boot.ramp[many === 1 ? boot.ramp.length - 1 : Math.round((place * (boot.ramp.length - 1)) / (many - 1))];

/** @param {number[]} ends @param {number | null} k  groups below it are not told @returns {[string, string][]} colour and words */
export function legend(ends, k) {
  const zero = k === null ? t("plan_zero") : t("plan_zero_safe", { k });
  return [["transparent", zero], ...ends.map((end, place) => {
    const begin = place ? ends[place - 1] + 1 : k ?? 1;
    return /** @type {[string, string]} */ ([ramp(place, ends.length), begin >= end ? figure(end) : `${figure(begin)} – ${figure(end)}`]);
  })];
}
