/** One key for one filled form, kept over reloads until the server has it: retries are safe. */
import { uuid } from "../common/uuid.js";

const DRAFT = "fengqiao.draft";

/** @returns {{key: string, fields: Record<string, any>} | null} what was being filled in, if anything */
export function draft() {
  try {
    return JSON.parse(sessionStorage.getItem(DRAFT) ?? "null");
  } catch {
    return null;
  }
}

/** The key of the form being filled. @returns {string} */
export const key = () => draft()?.key ?? renew();

/** @param {Record<string, any>} fields */
export function keep(fields) {
  sessionStorage.setItem(DRAFT, JSON.stringify({ key: draft()?.key ?? uuid(), fields }));
}

/** Another matter: a new key for the same fields. */
export function renew() {
  const made = uuid();
  sessionStorage.setItem(DRAFT, JSON.stringify({ key: made, fields: draft()?.fields ?? {} }));
  return made;
}

export function forget() {
  sessionStorage.removeItem(DRAFT);
}
