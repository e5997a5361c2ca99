/** Where things may be: 95 % ellipses of tracks, and areas of objects that are not seen any more. */

import { Rows } from "./gl";
import { unitsPerMetre, worldPx, type Camera } from "./mercator";
import { isQuiet } from "./quiet";
import type { Scene } from "./scene";
import type { Visible } from "./visible";

/** Half axes of a 95 % ellipse are so many standard deviations: the root of chi-square, 2 degrees. */
export const SIGMAS_95 = Math.sqrt(-2 * Math.log(0.05));
const LEAST_PX = 13; // a smaller one hides behind its symbol
const MOST = 600;
const LOST = 3;
const COASTING = 2;
const LEAST_SPEED_MPS = 15; // what an object may do that was last thought to stand

export const TONES = { plain: 0, advisory: 1, caution: 2, warning: 3, soft: 4 } as const;

export const ELLIPSE_FLOATS = [2, 3, 2];

export interface Ellipse {
  majorM: number;
  minorM: number;
  /** Of the major axis from east towards north. */
  angle: number;
}

/** The 95 % ellipse of a covariance, grown on all sides by what the object may have flown since. */
export function ellipseOf(
  sigmaEastM: number,
  sigmaNorthM: number,
  correlation: number,
  grownM = 0,
): Ellipse {
  const east = sigmaEastM * sigmaEastM;
  const north = sigmaNorthM * sigmaNorthM;
  const both = correlation * sigmaEastM * sigmaNorthM;
  const middle = (east + north) / 2;
  const spread = Math.hypot((east - north) / 2, both);
  return {
    majorM: Math.sqrt(middle + spread) * SIGMAS_95 + grownM,
    minorM: Math.sqrt(Math.max(middle - spread, 0)) * SIGMAS_95 + grownM,
    angle: Math.atan2(2 * both, east - north) / 2,
  };
}

/** Ellipses of visible tracks into `rings`, areas of what is lost into `rings` and `discs`. */
export function fillAreas(
  scene: Scene,
  camera: Camera,
  visible: Visible,
  rings: Rows,
  discs: Rows,
): void {
  rings.clear();
  discs.clear();
  const areaOf = new Set<number>();
  for (const object of scene.objects.values()) {
    if (object.state === "never_real" || !(object.radius_m > 0)) continue;
    if (object.state === "flying") continue;
    const row = scene.frame?.rowOf(object.track_id) ?? -1;
    if (row >= 0) areaOf.add(row);
    const place = scene.placeOf(object.lat_deg, object.lon_deg);
    const px = object.radius_m * unitsPerMetre(object.lat_deg) * worldPx(camera.zoom);
    const shape = { majorM: px, minorM: px, angle: 0 };
    const tone = TONES[object.level] ?? TONES.plain;
    put(rings, place, shape, tone, true);
    if (object.state === "lost") put(discs, place, shape, tone, true);
  }
  fillReport(scene, camera, rings);
  fillTracks(scene, camera, visible, rings, areaOf);
}

/** Where what a caller reported was with 95 %: of the selected report only. */
function fillReport(scene: Scene, camera: Camera, rings: Rows): void {
  const report = scene.selectedReport();
  if (report === null) return;
  const px = report.radiusM * unitsPerMetre(report.lat) * worldPx(camera.zoom);
  const shape = { majorM: px, minorM: px, angle: 0 };
  put(rings, scene.placeOf(report.lat, report.lon), shape, TONES.soft, !report.firstHand);
}

function fillTracks(
  scene: Scene,
  camera: Camera,
  visible: Visible,
  rings: Rows,
  skipped: ReadonlySet<number>,
): void {
  const { frame, places, staleS } = scene;
  if (frame === null) return;
  const scale = worldPx(camera.zoom) * unitsPerMetre(camera.lat);
  const chosen = scene.selectedRow();
  for (let i = 0; i < visible.n && rings.n < MOST; i += 1) {
    const row = visible.rows[i] as number;
    const state = frame.state[row] as number;
    if (state > LOST || skipped.has(row)) continue;
    if (row !== chosen && isQuiet(frame, row)) continue;
    const level = frame.level[row] as number;
    const sigmaEastM = frame.sigmaEastM[row] as number;
    const sigmaNorthM = frame.sigmaNorthM[row] as number;
    let grownM = 0;
    if (staleS > 0) {
      const speed = Math.hypot(frame.eastMps[row] as number, frame.northMps[row] as number);
      grownM = Math.max(speed, LEAST_SPEED_MPS) * staleS;
    }
    const leastPx = row === chosen ? 3 : LEAST_PX;
    const most = Math.max(sigmaEastM, sigmaNorthM) * SIGMAS_95 + grownM;
    if (most * scale < leastPx) continue;
    const shape = ellipseOf(sigmaEastM, sigmaNorthM, frame.correlation[row] as number, grownM);
    const place = { x: places[2 * row] as number, y: places[2 * row + 1] as number };
    const px = { majorM: shape.majorM * scale, minorM: shape.minorM * scale, angle: shape.angle };
    put(rings, place, px, level, state >= COASTING || staleS > 0);
  }
}

function put(
  rows: Rows,
  place: { x: number; y: number },
  px: Ellipse,
  tone: number,
  dashed: boolean,
): void {
  const at = rows.add();
  const { floats } = rows;
  floats[at] = place.x;
  floats[at + 1] = place.y;
  floats[at + 2] = px.majorM;
  floats[at + 3] = px.minorM;
  floats[at + 4] = -px.angle; // on the map y grows southward
  floats[at + 5] = tone;
  floats[at + 6] = dashed ? 1 : 0;
}
