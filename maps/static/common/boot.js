/** What the server put into the page: language, texts, map style, code titles. */

/** @type {any} language and texts on every page; the rest as the page's own modules know it */
export const boot = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("boot")).textContent ?? "{}");

/**
 * One text in the page's language, with its {words} filled in.
 * @param {string} key
 * @param {Record<string, string | number>} [words]
 * @returns {string}
 */
export function t(key, words = {}) {
  const text = boot.texts[key];
  if (text === undefined) throw new Error(`no text ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, word) => String(words[word]));
}

/** Whether the asker's roles allow something on this page. @param {string} deed */
export const may = (deed) => (boot.may ?? []).includes(deed);

/**
 * The title of a code such as `kind_dispute`; the code itself when the server knows a newer one.
 * @param {string} family
 * @param {string} code
 */
export function titled(family, code) {
  return boot.texts[`${family}_${code}`] ?? code;
}

/**
 * What was said in both languages, in the page's.
 * @param {string | import("./types.js").Said | null | undefined} both
 * @returns {string}
 */
export function said(both) {
  if (both === null || both === undefined) return "";
  if (typeof both === "string") return half(both);
  return boot.language === "en" ? both.en : both.zh;
}

/** Problems say title and detail as "中文 / English". @param {string} both */
function half(both) {
  const parts = both.split(" / ");
  if (parts.length % 2) return both;
  const middle = parts.length / 2;
  return (boot.language === "en" ? parts.slice(middle) : parts.slice(0, middle)).join(" / ");
}

/** @param {number} number @param {number} [digits] */
export function figure(number, digits = 0) {
  return number.toLocaleString(boot.language, { maximumFractionDigits: digits });
}

/** @param {number} metres */
export function distance(metres) {
  if (metres >= 1000) return `${figure(metres / 1000, 1)} km`;
  return `${figure(metres, metres < 10 ? 1 : 0)} m`;
}
