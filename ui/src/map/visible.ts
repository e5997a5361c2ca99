/** Which rows of the frame lie on the map and pass the filters, and where, in pixels. */

import { isShown } from "../model/filters";
import type { Camera } from "./mercator";
import { worldPx, xOf, yOf } from "./mercator";
import type { Scene } from "./scene";

const MARGIN_PX = 24;

export interface Visible {
  n: number;
  rows: Uint32Array;
  /** Pixels from the middle of the map: x, y of each visible row. */
  px: Float32Array;
}

export function noneVisible(): Visible {
  return { n: 0, rows: new Uint32Array(0), px: new Float32Array(0) };
}

/** Where the origin of the scene lies from the middle of the map, in pixels. */
export function shiftOf(scene: Scene, camera: Camera): { x: number; y: number } {
  const scale = worldPx(camera.zoom);
  return {
    x: (scene.originX - xOf(camera.lon)) * scale,
    y: (scene.originY - yOf(camera.lat)) * scale,
  };
}

/** Fill `into` with what is visible; its arrays are used again. */
export function findVisible(scene: Scene, camera: Camera, into: Visible): void {
  const { frame, places, filters } = scene;
  into.n = 0;
  if (frame === null) return;
  if (into.rows.length < frame.n) {
    into.rows = new Uint32Array(Math.ceil(frame.n * 1.25));
    into.px = new Float32Array(2 * into.rows.length);
  }
  const scale = worldPx(camera.zoom);
  const shift = shiftOf(scene, camera);
  const [reachX, reachY] = [camera.widthPx / 2 + MARGIN_PX, camera.heightPx / 2 + MARGIN_PX];
  const chosen = scene.selectedRow();
  let n = 0;
  for (let row = 0; row < frame.n; row += 1) {
    const x = (places[2 * row] as number) * scale + shift.x;
    const y = (places[2 * row + 1] as number) * scale + shift.y;
    if (x < -reachX || x > reachX || y < -reachY || y > reachY) continue;
    if (row !== chosen && !isShown(frame, row, filters)) continue;
    into.rows[n] = row;
    into.px[2 * n] = x;
    into.px[2 * n + 1] = y;
    n += 1;
  }
  into.n = n;
}
