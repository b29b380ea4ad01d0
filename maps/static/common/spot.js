/** Where somebody is, if they want to say so. */
import { t } from "./boot.js";
import { el } from "./dom.js";

const WAIT_MS = 5000;

/** A box to be ticked; the position is shown before it is sent. */
export class SpotField {
  constructor() {
    /** @type {GeolocationPosition | null} */
    this.found = null;
    this.box = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox", id: "ask-spot", change: () => this.look() }));
    this.said = el("p.quiet", { role: "status" });
    this.place = el("div.field", { "data-field": "spot" }, el("label.option", { for: "ask-spot" }, this.box, t("spot_attach")), this.said, el("p.fault", { role: "alert", hidden: true }));
  }

  look() {
    this.found = null;
    if (!this.box.checked) return this.say("");
    this.say(t("spot_asking"));
    navigator.geolocation.getCurrentPosition((position) => {
      this.found = position;
      this.say(t("spot_within", { metres: Math.round(position.coords.accuracy) }));
    }, () => this.say(t("spot_none")), { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 0 });
  }

  /** @param {string} words */
  say(words) {
    this.said.textContent = words;
  }

  /** As the API takes it; null for whoever gave none. */
  given() {
    if (!this.box.checked || this.found === null) return null;
    const { longitude: lon, latitude: lat, accuracy } = this.found.coords;
    return { lon, lat, datum: "wgs84", accuracy_m: accuracy };
  }
}
