/** The areas of the edition in force: on the map, and as units that a person may choose from. */
import { ask } from "../common/api.js";
import { t } from "../common/boot.js";
import { one } from "../common/dom.js";
import { say } from "../map/notice.js";

/** An area change shows within a minute. */
const LOOK_AGAIN_MS = 60_000;

export class Ground {
  /** @param {() => any} map */
  constructor(map) {
    this.map = map;
    /** @type {Record<string, import("./types.js").Features>} */
    this.areas = {};
    /** @type {import("./types.js").Edition | null | undefined} */
    this.edition = undefined;
    this.looked = -Infinity;
  }

  get synthetic() {
    return this.edition?.synthetic ?? false;
  }

  /** Ask which edition is in force, now and then, and load it when it is another one. */
  async refresh() {
    if (performance.now() - this.looked < LOOK_AGAIN_MS) return;
    /** @type {import("./types.js").Layers} */
    const found = await ask("/v1/layers");
    if (this.edition === undefined || found.edition?.id !== this.edition?.id) await this.load(found);
    this.edition = found.edition;
    this.looked = performance.now();
  }

  /** @param {import("./types.js").Layers} found */
  async load({ edition, bounds, layers }) {
    if (bounds) this.map().frame(bounds);
    for (const { kind, areas } of layers) one(`[data-many="${kind}"]`).textContent = areas ? String(areas) : "";
    if (!edition) say(t("no_areas"), t("no_areas_how"));
    else if (this.edition === null) say("", "");
    await Promise.all(layers.filter((layer) => layer.areas).map(({ kind }) => this.lay(kind)));
  }

  /** @param {string} kind */
  async lay(kind) {
    this.areas[kind] = await ask(`/v1/layers/${kind}.geojson`);
    await this.map().setAreas(kind, this.areas[kind]);
  }

  /** What this ground is called; nothing while there is none. */
  get title() {
    return (this.areas.district?.features ?? []).map(({ properties }) => properties.name).join(" · ");
  }

  /** Every unit of a kind, once. @param {string} kind @returns {import("./types.js").Unit[]} */
  units(kind) {
    const areas = this.areas[kind]?.features ?? [];
    return [...new Map(areas.map(({ properties }) => [properties.unit_code, properties])).values()];
  }
}
