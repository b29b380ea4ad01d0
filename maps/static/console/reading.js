/** What the API says of reports and cases, as the parts of the page want it. */

/** @param {any} report an item of GET /v1/reports */
export function readReport(report) {
  return {
    id: String(report.report_id),
    number: report.case_number,
    kind: report.kind,
    category: report.category,
    title: report.title,
    at: report.occurred_at,
    lon: report.lon,
    lat: report.lat,
    street: report.street,
    synthetic: report.synthetic,
  };
}

/** @param {any} file the answer of GET /v1/cases/{number} */
export function readCase(file) {
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
    lon: file.placement?.lon ?? null,
    lat: file.placement?.lat ?? null,
    radius: file.placement?.radius_m ?? 0,
    address: file.placement?.address,
    open: file.route?.needs_person,
    route: file.route,
    assignments: file.assignments ?? [],
  };
}
