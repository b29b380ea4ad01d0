/** Who came and against whom: entered as parties of the case, where they are sealed, and nowhere else. */
import { Problem, ask } from "../common/api.js";
import { t } from "../common/boot.js";

const SEPARATORS = /[\s\-()/.]/g, PHONE = /^\+?\d{7,15}$/;
const IDENTITY = /^[1-9]\d{16}[\dX]$/, CHECKS = "10X98765432", DIGITS = 17, CHECK_MODULUS = 11;

/** @typedef {Record<string, string>} Content */

/** @param {string | undefined} text */
const plain = (text) => (text ?? "").normalize("NFKC").trim();

/** @param {Content} content */
export function parties({ name, phone, identity_number, respondent, respondent_kind }) {
  const came = { side: "applicant", role: "applicant", kind: "person", ...told({ name, phone, identity_number }) };
  const other = { side: "respondent", role: "respondent", kind: respondent_kind ?? "person", ...told({ name: respondent }) };
  return [...(plain(name) ? [came] : []), ...(plain(respondent) ? [other] : [])];
}

/** @param {Record<string, string | undefined>} words */
const told = (words) => Object.fromEntries(Object.entries(words).filter(([, word]) => plain(word)).map(([name, word]) => [name, plain(word)]));

/** Seen before the case is opened, since a party is entered after it. @param {Content} content @returns {[string, string][]} */
export function partyFaults({ name, phone, identity_number }) {
  const digits = plain(phone).replace(SEPARATORS, ""), number = plain(identity_number).toUpperCase().replace(/\s/g, "");
  return [
    ...((digits || number) && !plain(name) ? [["name", t("must_fill")]] : []),
    ...(digits && !PHONE.test(digits) ? [["phone", t("reception_bad_phone")]] : []),
    ...(number && !isIdentity(number) ? [["identity_number", t("reception_bad_identity")]] : []),
  ].map(([where, words]) => [where, words]);
}

/** GB 11643-1999: the last sign checks the others (ISO 7064, MOD 11-2). @param {string} number */
function isIdentity(number) {
  if (!IDENTITY.test(number)) return false;
  const sum = [...number.slice(0, DIGITS)].reduce((total, digit, place) => total + Number(digit) * (2 ** (DIGITS - place) % CHECK_MODULUS), 0);
  return CHECKS[sum % CHECK_MODULUS] === number[DIGITS];
}

/**
 * Enter them. After a try whose answer was lost, who is there already is not entered again.
 * @param {string} number @param {Content} content @param {boolean} again
 */
export async function enter(number, content, again) {
  const path = `/v1/cases/${encodeURIComponent(number)}/parties`, wanted = parties(content);
  if (!wanted.length) return;
  const there = again ? (await ask(path)).items.map((/** @type {{role: string}} */ each) => each.role) : [];
  for (const party of wanted) if (!there.includes(party.role)) await ask(path, { body: party }).catch((error) => named(error, party.role));
}

/** The faults of the other side stand at its one field. @param {unknown} error @param {string} role */
function named(error, role) {
  if (error instanceof Problem && role === "respondent") for (const fault of error.faults) fault.where = "respondent";
  throw error;
}
