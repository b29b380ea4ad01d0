const CORNERS = 64;
const METRES_PER_DEGREE = 111_320;

/**
 * A circle on the ground as a polygon in degrees (EPSG:4326); good to 1 % for what a map shows.
 * @param {number} lon
 * @param {number} lat
 * @param {number} radius metres
 */
export function circle(lon, lat, radius) {
  const up = radius / METRES_PER_DEGREE;
  const along = up / Math.cos((lat * Math.PI) / 180);
  const ring = Array.from({ length: CORNERS + 1 }, (_, corner) => {
    const turn = ((corner % CORNERS) / CORNERS) * 2 * Math.PI;
    return [lon + along * Math.cos(turn), lat + up * Math.sin(turn)];
  });
  return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
}
