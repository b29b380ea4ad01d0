/** The map: areas, reports, the asked point. It knows nothing of the API. */
import * as maplibregl from "../vendor/maplibre-gl/maplibre-gl.mjs";
import { boot, t } from "../common/boot.js";
import { circle } from "./circle.js";

const EMPTY = { type: "FeatureCollection", features: [] };
const FINGER_PX = matchMedia("(pointer: coarse)").matches ? 14 : 6;
const CLOSE_ZOOM = 13.4;
// Without a base map, closer in there is nothing around a place by which to know it.
const CLOSEST_ZOOM = 15.5;

/** Whether this browser can draw the map at all. */
export function canDraw() {
  return Boolean(document.createElement("canvas").getContext("webgl2"));
}

/**
 * Wait for the font's subsets that these words need: glyphs are drawn once and then kept.
 * @param {string} words
 */
async function lettered(words) {
  const faces = ["400", "700"].map((weight) => document.fonts.load(`${weight} 24px "${boot.font}"`, words));
  await Promise.allSettled(faces);
}

/** @param {unknown} data */
const collected = (data) => /** @type {any} */ (data);

/** @param {number} lon @param {number} lat @param {Record<string, unknown>} [properties] */
const point = (lon, lat, properties = {}) => ({ type: "Feature", properties, geometry: { type: "Point", coordinates: [lon, lat] } });

export class CityMap {
  /** @param {any} map a loaded maplibregl.Map */
  constructor(map) {
    this.map = map;
    /** @type {[number, number, number, number] | null} */
    this.bounds = null;
    /** @type {Record<string, string[]>} */
    this.answering = {};
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  /** @param {HTMLElement} container @returns {Promise<CityMap>} */
  static async open(container) {
    /** @type {any} */
    const map = new maplibregl.Map({
      container,
      style: boot.style,
      center: [123.48, 41.83],
      zoom: 10.5,
      minZoom: 8,
      maxZoom: 19,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      locale: {
        "Map.Title": t("map"),
        "NavigationControl.ZoomIn": t("zoom_in"),
        "NavigationControl.ZoomOut": t("zoom_out"),
      },
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "bottom-right");
    map.addControl(new maplibregl.ScaleControl({ maxWidth: 110, unit: "metric" }), "bottom-left");
    const cross = document.createElement("div");
    cross.className = "crosshair";
    map.getCanvasContainer().after(cross);
    map.getCanvas().setAttribute("aria-description", t("map_keys"));
    await map.once("load");
    return new CityMap(map);
  }

  /** Clicks, and Enter for the middle. @param {(click: {lon: number, lat: number, report: string | null}) => void} clicked */
  listen(clicked) {
    this.map.on("click", (/** @type {any} */ { point, lngLat }) => {
      clicked({ lon: lngLat.lng, lat: lngLat.lat, report: this.reportAt(point) });
    });
    this.map.getCanvas().addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter") return;
      const { lng, lat } = this.map.getCenter();
      clicked({ lon: lng, lat, report: null });
    });
    this.map.on("mouseenter", "reports", () => { this.map.getCanvas().style.cursor = "pointer"; });
    this.map.on("mouseleave", "reports", () => { this.map.getCanvas().style.cursor = ""; });
  }

  /** The case number of the nearest report within a finger's width. @param {{x: number, y: number}} pixel @returns {string | null} */
  reportAt({ x, y }) {
    const box = [[x - FINGER_PX, y - FINGER_PX], [x + FINGER_PX, y + FINGER_PX]];
    const hits = this.map.queryRenderedFeatures(box, { layers: ["reports"] }).map((/** @type {any} */ hit) => {
      const there = this.map.project(hit.geometry.coordinates);
      return { number: hit.properties.number, away: Math.hypot(there.x - x, there.y - y) };
    });
    hits.sort((/** @type {any} */ one, /** @type {any} */ other) => one.away - other.away);
    return hits[0]?.number ?? null;
  }

  /**
   * The areas of a layer and, apart from them, one label point each.
   * @param {string} kind
   * @param {import("../console/types.js").Features} areas
   */
  async setAreas(kind, areas) {
    await lettered([...new Set(areas.features.map((area) => area.properties.name).join(""))].join(""));
    const labels = areas.features.map(({ properties }) => point(properties.label[0], properties.label[1], { name: properties.name }));
    this.map.getSource(`areas-${kind}`).setData(collected(areas));
    this.map.getSource(`lines-${kind}`).setData(collected({ type: "Feature", properties: {}, geometry: areas.lines }));
    this.map.getSource(`labels-${kind}`).setData(collected({ ...EMPTY, features: labels }));
  }

  /** @param {string} kind @param {boolean} shown */
  show(kind, shown) {
    for (const role of ["fill", "line", "label"])
      this.map.setLayoutProperty(`${kind}-${role}`, "visibility", shown ? "visible" : "none");
  }

  /** @param {[number, number, number, number]} bounds west, south, east, north */
  frame(bounds) {
    this.bounds = bounds;
    this.home(false);
  }

  home(moving = true) {
    if (!this.bounds) return;
    const [west, south, east, north] = this.bounds;
    this.map.fitBounds([[west, south], [east, north]], { padding: this.padding(), animate: moving && !this.still });
  }

  /** Room for what lies over the map: the search above, buttons at the right. */
  padding() {
    const { clientHeight, clientWidth } = this.map.getContainer();
    if (clientHeight < 500) return { top: 66, bottom: 12, left: 12, right: 12 };
    return { top: 76, bottom: 30, left: 30, right: clientWidth > 800 ? 200 : 60 };
  }

  /** @param {{number: string, kind: string, lon: number, lat: number}[]} reports @param {string | null} chosen a case number */
  setReports(reports, chosen) {
    const points = reports.map(({ number, kind, lon, lat }) => point(lon, lat, { number, kind, chosen: number === chosen }));
    this.map.getSource("reports").setData(collected({ ...EMPTY, features: points }));
  }

  /** Mark the asked point and the circle within which it lies. @param {number} lon @param {number} lat @param {number} [radius] */
  mark(lon, lat, radius = 0) {
    const reach = radius > 0 ? [circle(lon, lat, radius)] : [];
    this.map.getSource("asked").setData(collected({ ...EMPTY, features: [point(lon, lat)] }));
    this.map.getSource("reach").setData(collected({ ...EMPTY, features: reach }));
  }

  unmark() {
    for (const source of ["asked", "reach"]) this.map.getSource(source).setData(collected(EMPTY));
    this.light({});
  }

  /** Light up the areas that answer. @param {Record<string, string[]>} codes area codes by kind */
  light(codes) {
    for (const [now, lit] of /** @type {const} */ ([[this.answering, false], [codes, true]]))
      for (const [kind, areas] of Object.entries(now))
        for (const id of areas) this.map.setFeatureState({ source: `areas-${kind}`, id }, { answers: lit });
    this.answering = codes;
  }

  /** @param {number} lon @param {number} lat @param {number} [radius] */
  fly(lon, lat, radius = 0) {
    const wanted = radius > 0 ? Math.log2((40_000_000 * Math.cos((lat * Math.PI) / 180)) / (radius * 8)) : CLOSE_ZOOM;
    const zoom = Math.min(Math.max(wanted, 10), CLOSEST_ZOOM);
    this.map.flyTo({ center: [lon, lat], zoom: radius > 0 ? zoom : Math.max(this.map.getZoom(), zoom), animate: !this.still, duration: 900 });
  }
}

/** Stands in where the browser cannot draw: everything else goes on working. */
export class NoMap {
  listen() {}
  async setAreas() {}
  show() {}
  frame() {}
  home() {}
  setReports() {}
  mark() {}
  unmark() {}
  light() {}
  fly() {}
}
