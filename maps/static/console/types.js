/**
 * Shapes of what the API answers, as the page reads them.
 *
 * @typedef {{zh: string, en: string}} Said
 * @typedef {{code: string, name: string | null}} RunnerUp
 * @typedef {{area_code: string | null, area_name: string | null, unit_code: string | null,
 *   unit_name: string | null, confidence: string, distance_m: number | null,
 *   runner_up: RunnerUp | null, reason: Said}} Jurisdiction
 * @typedef {{lon: number, lat: number, on: string, edition_id: number, needs_person: boolean,
 *   reasons: Said[], layers: Record<string, Jurisdiction>}} Route
 * @typedef {{level: string, text: string, lon: number, lat: number, radius_m: number,
 *   score: number, explanation: Said}} Candidate
 * @typedef {{kind: string, candidates: {unit_code: string, unit_name: string,
 *   area_code: string | null}[]}} OpenQuestion
 * @typedef {{id: string | number, case_number: string, category: string | null,
 *   lon: number | null, lat: number | null, reasons: Said[], open: OpenQuestion[]}} Placement
 * @typedef {{kind: string, title: Said, areas: number, shown: boolean}} LayerInfo
 * @typedef {{edition: {id: number, valid_from: string, source: string} | null,
 *   bounds: [number, number, number, number] | null, layers: LayerInfo[]}} Layers
 * @typedef {{type: "FeatureCollection", features: any[], lines: any}} Features
 */
export {};
