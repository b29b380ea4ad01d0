/** One key for one filled form, kept over reloads until the server has it: retries are safe. */

const DRAFT = "fengqiao.draft";

/** A random UUID; crypto.randomUUID is missing where a site is served over plain http. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

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
