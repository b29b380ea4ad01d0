/** What the API says of reports and cases, as the parts of the page want it. */

/** @param {any} report an item of GET /v1/reports @returns {import("./types.js").ReportItem} */
export function readReport(report) {
  return {
    number: report.case_number,
    kind: report.kind,
    category: report.category,
    title: report.title,
    at: report.received_at,
    lon: report.lon,
    lat: report.lat,
    street: report.street,
    synthetic: report.synthetic,
  };
}

/** @param {any} file the answer of GET /v1/cases/{number} @returns {import("./types.js").CaseFile} */
export function readCase(file) {
  const { lon, lat, radius_m: radius, address, method } = file.placement;
  return {
    number: file.case_number,
    kind: file.kind,
    category: file.category,
    title: file.title,
    text: file.text,
    state: file.state,
    synthetic: file.synthetic,
    occurred: file.occurred_at,
    received: file.received_at,
    source: file.source,
    people: file.people_involved,
    lon, lat, address, method, radius: radius ?? 0,
    route: file.route,
    assignments: file.assignments,
    open: file.open,
    history: file.history,
  };
}
