/** Where it is: what a written address may mean, ranked, and who answers for the place. */
import { Problem, Unreachable, ask, told } from "../common/api.js";
import { figure, said, t, titled } from "../common/boot.js";
import { el, one } from "../common/dom.js";
import { showAnswering } from "./answering.js";
import { form } from "./fields.js";
import { Listbox } from "./listbox.js";
import { afterPause } from "../common/pause.js";

const PAUSE_MS = 250;
const HAN = /[\u3400-\u9fff]/;
const CHOICE = ["lon", "lat", "radius_m", "level", "chosen", "written", "decided"];

/** @typedef {import("../console/types.js").Candidate} Candidate */

const input = one("#address"), words = one("#place-said");
const listbox = new Listbox(input, one("#address-list"), { taken, opened: () => look() });
const later = afterPause(PAUSE_MS, () => look());
let asked = 0;

/** Ask what the address may mean; an answer that was overtaken is dropped. */
async function look() {
  const text = input.value.trim(), turn = ++asked;
  if (!text) return offer([], false);
  try {
    const { candidates, notes, decided } = await ask("/v1/geocode", { words: { text } });
    if (turn !== asked) return;
    offer(candidates, decided);
    say(candidates.length ? notes.map(said).join(" ") || t("reception_choose") : `${t("search_none")} · ${t("reception_held")}`);
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    if (turn === asked) say(told(error));
  }
}

/** @param {Candidate[]} candidates @param {boolean} decided  whether the first one needs no person */
function offer(candidates, decided) {
  if (document.activeElement !== input) return;
  listbox.offer(candidates.map((each, place) => ({
    content: [el("span.chip", {}, titled("level", each.level)), el("span", {}, el("b", {}, each.text), el("small", {}, said(each.explanation))), el("small", {}, near(each.radius_m))],
    choice: { ...each, decided: decided && place === 0 },
  })));
}

/** @param {number} radius_m */
const near = (radius_m) => t("within", { radius: figure(Math.ceil(radius_m)) });

/** @param {Candidate & {decided: boolean}} candidate */
function taken({ lon, lat, radius_m, level, text, decided }) {
  asked += 1;
  const written = input.value.trim(), precise = written.includes(text);
  const choice = { lon, lat, radius_m, level, chosen: text, written: precise || !HAN.test(written) ? "" : written, decided: decided && precise ? "yes" : "" };
  for (const [name, word] of Object.entries(choice)) form.elements[name].value = String(word);
  if (!precise) input.value = text;
  show();
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Make the page say what place is chosen in the form. */
export function show() {
  const { lon, lat, radius_m, level, chosen } = form.elements;
  one("[data-field=place]").toggleAttribute("data-chosen", Boolean(lon.value));
  if (lon.value) say(`${t("reception_chosen", { place: chosen.value, level: titled("level", level.value) })} · ${near(Number(radius_m.value))}`);
  else say("");
  showAnswering(lon.value ? { lon: lon.value, lat: lat.value, radius_m: radius_m.value } : null);
}

/** @param {string} text */
function say(text) {
  words.textContent = text;
  words.hidden = !text;
}

input.addEventListener("input", () => {
  if (form.elements.lon.value) for (const name of CHOICE) form.elements[name].value = "";
  show();
  later();
});
input.addEventListener("blur", () => {
  asked += 1;
  if (input.value.trim() && !form.elements.lon.value) say(t("reception_as_written"));
});
