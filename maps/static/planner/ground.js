/** The areas of a kind on the map, coloured by a value each. */
import { ask } from "../common/api.js";
import { boot } from "../common/boot.js";

const VALUES = "values", OPACITY = 0.82;

export class Ground {
  /** @param {any} city */
  constructor(city) {
    this.city = city;
    /** @type {string | null} */
    this.kind = null;
    /** @type {Map<string, any>} */
    this.laid = new Map();
  }

  /** Where the district lies, and its outline. @returns {Promise<any>} */
  async open() {
    const found = await ask("/v1/layers");
    if (found.bounds) this.city.frame(found.bounds);
    for (const kind of boot.kinds) this.city.show(kind, kind === "district");
    if (found.edition) await this.lay("district");
    return found.edition;
  }

  /** @param {string} kind */
  async lay(kind) {
    if (this.laid.has(kind)) return;
    const areas = await ask(`/v1/layers/${kind}.geojson`);
    this.laid.set(kind, new Map(areas.features.map((/** @type {any} */ { properties }) => [properties.code, properties])));
    await this.city.setAreas(kind, areas);
  }

  /** Show a kind of areas in these colours. @param {string} kind @param {Map<string, string>} colours by code */
  async colour(kind, colours) {
    await this.lay(kind);
    if (!this.city.map) return;
    if (this.kind !== kind) this.turn(kind);
    const source = `areas-${kind}`;
    for (const [id, colour] of colours) this.city.map.setFeatureState({ source, id }, { colour });
  }

  /** @param {string} kind */
  turn(kind) {
    const { map } = this.city;
    if (this.kind && this.kind !== "district") this.city.show(this.kind, false);
    if (map.getLayer(VALUES)) map.removeLayer(VALUES);
    this.city.show(kind, true);
    const paint = { "fill-color": ["coalesce", ["feature-state", "colour"], "rgba(0,0,0,0)"], "fill-opacity": OPACITY, "fill-antialias": false };
    map.addLayer({ id: VALUES, type: "fill", source: `areas-${kind}`, paint }, "street-line");
    this.kind = kind;
  }

  /** @param {string} code */
  fly(code) {
    const area = this.kind && this.laid.get(this.kind)?.get(code);
    if (!area) return;
    this.city.light({ [this.kind ?? ""]: [code] });
    this.city.fly(...area.label);
  }
}
