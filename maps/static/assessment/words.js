/** The text of a case with the words marked that tell of risk. */
import { el } from "../common/dom.js";

/**
 * @param {string} text
 * @param {{sign: string, start: number, end: number, denied: boolean}[]} found  by code points
 * @param {Record<string, string>} titles  of signs
 */
export function marked(text, found, titles) {
  const points = [...text];
  let from = 0;
  /** @type {(Node | string)[]} */
  const parts = [];
  for (const { sign, start, end, denied } of found) {
    parts.push(points.slice(from, start).join(""));
    parts.push(el(denied ? "mark.denied" : "mark", { title: titles[sign] }, points.slice(start, end).join("")));
    from = end;
  }
  parts.push(points.slice(from).join(""));
  return el("p.case-text", {}, ...parts);
}
