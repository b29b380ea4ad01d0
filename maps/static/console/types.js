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
 * @typedef {{id: number, case_number: string, category: string, kind: string,
 *   title: string | null, address: string | null, radius_m: number | null, held_at: string,
 *   lon: number | null, lat: number | null, reasons: Said[], open: OpenQuestion[]}} Placement
 * @typedef {{kind: string, role: string, unit_code: string, unit_name: string,
 *   area_code: string | null, confidence: string, reason: Said, actor: string}} Assignment
 * @typedef {{happening: string, actor: string, at: string, content: any}} Line
 * @typedef {{number: string, kind: string, category: string, title: string | null, at: string,
 *   lon: number | null, lat: number | null, street: string | null, synthetic: boolean}} ReportItem
 * @typedef {{number: string, kind: string, category: string, title: string | null, text: string,
 *   state: Said, synthetic: boolean, occurred: string, received: string, source: string,
 *   people: number, lon: number | null, lat: number | null, radius: number,
 *   address: string | null, method: string, route: Route | null, assignments: Assignment[],
 *   open: OpenQuestion[], history: Line[]}} CaseFile
 * @typedef {{kind: string, title: Said, areas: number, shown: boolean}} LayerInfo
 * @typedef {{id: number, valid_from: string, synthetic: boolean}} Edition
 * @typedef {{edition: Edition | null, bounds: [number, number, number, number] | null,
 *   layers: LayerInfo[]}} Layers
 * @typedef {{unit_code: string, unit_name: string}} Unit
 * @typedef {{type: "FeatureCollection", features: any[], lines: any}} Features
 */
export {};
