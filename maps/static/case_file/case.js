/** The case that the page is about: asked for as a whole, changed part by part. */
import { Problem, ask } from "../common/api.js";

const PARTS = ["steps", "assignments", "clocks", "whistles", "mediation", "grading", "custody", "parties", "links", "timeline"];
const REFUSED = [403, 404];

export const number = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const path = `/v1/cases/${encodeURIComponent(number)}`;

/** @param {string} part @param {{method?: string, body?: unknown}} [how] */
export const askCase = (part, how) => ask(`${path}/${part}`, how);

/** Everything about the case that the asker may see; a part out of reach is null. @returns {Promise<any>} */
export async function read() {
  const file = await ask(path);
  const parts = await Promise.all(PARTS.map((part) => askCase(part).catch(unlessRefused)));
  return { file, ...Object.fromEntries(PARTS.map((part, place) => [part, parts[place]])) };
}

/** @param {unknown} error */
function unlessRefused(error) {
  if (error instanceof Problem && REFUSED.includes(error.status)) return null;
  throw error;
}
