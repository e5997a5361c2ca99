/** Web Mercator as the map draws it: the world is the unit square, north is up, y grows southward. */

export const EARTH_RADIUS_M = 6_378_137;
export const TILE_PX = 512;
const CIRCUMFERENCE_M = 2 * Math.PI * EARTH_RADIUS_M;
const RAD = Math.PI / 180;

export function xOf(lonDeg: number): number {
  return lonDeg / 360 + 0.5;
}

export function yOf(latDeg: number): number {
  const sine = Math.sin(latDeg * RAD);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

export function lonOf(x: number): number {
  return (x - 0.5) * 360;
}

export function latOf(y: number): number {
  return Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) / RAD;
}

/** Width of the whole world in pixels at a zoom. */
export function worldPx(zoom: number): number {
  return TILE_PX * 2 ** zoom;
}

/** Part of the unit square that a metre covers at a latitude. */
export function unitsPerMetre(latDeg: number): number {
  return 1 / (CIRCUMFERENCE_M * Math.cos(latDeg * RAD));
}

/** Where the camera is; the map never turns and never tilts, so this is all of it. */
export interface Camera {
  lat: number;
  lon: number;
  zoom: number;
  widthPx: number;
  heightPx: number;
}

/** Pixels from the middle of the map of a place in the unit square. */
export function pixelOf(camera: Camera, x: number, y: number): { x: number; y: number } {
  const scale = worldPx(camera.zoom);
  return { x: (x - xOf(camera.lon)) * scale, y: (y - yOf(camera.lat)) * scale };
}

/** A circle on the ground as a ring of lon, lat; closed, `count` corners. */
export function circle(
  latDeg: number,
  lonDeg: number,
  radiusM: number,
  count = 72,
): [number, number][] {
  const ring: [number, number][] = [];
  const angular = radiusM / 6_371_008.8;
  const lat = latDeg * RAD;
  for (let i = 0; i <= count; i += 1) {
    const bearing = (2 * Math.PI * (i % count)) / count;
    const sine =
      Math.sin(lat) * Math.cos(angular) + Math.cos(lat) * Math.sin(angular) * Math.cos(bearing);
    const east = Math.atan2(
      Math.sin(bearing) * Math.sin(angular) * Math.cos(lat),
      Math.cos(angular) - Math.sin(lat) * sine,
    );
    ring.push([lonDeg + east / RAD, Math.asin(sine) / RAD]);
  }
  return ring;
}
