/** History dots of the visible tracks, as many as can be told apart and drawn in time. */

import type { Rows } from "./gl";
import { xOf, yOf } from "./mercator";
import { DOTS } from "./history";
import type { Scene } from "./scene";
import type { Visible } from "./visible";

const BUDGET = 12_000;
const WORTH_IT = 3; // fewer dots than this say nothing
export const DOT_FLOATS = [2, 2];

/** Dots into `rows`: all of those that an alarm names or that is chosen, of the others by budget. */
export function fillTrails(scene: Scene, visible: Visible, rows: Rows): void {
  rows.clear();
  const { frame } = scene;
  if (frame === null || visible.n === 0) return;
  const each = Math.floor(BUDGET / visible.n);
  const ordinary = each < WORTH_IT ? 0 : Math.min(each, DOTS);
  const chosen = scene.selectedRow();
  for (let i = 0; i < visible.n; i += 1) {
    const row = visible.rows[i] as number;
    const all = row === chosen || (frame.level[row] as number) > 0;
    const most = all ? DOTS : ordinary;
    if (most > 0) fillTrail(scene, row, most, rows);
  }
}

function fillTrail(scene: Scene, row: number, most: number, rows: Rows): void {
  const { frame, history, originX, originY } = scene;
  if (frame === null) return;
  const ring = history.ringOf(frame, row);
  if (ring < 0) return;
  const count = Math.min(history.dotCount(ring), most);
  for (let back = 0; back < count; back += 1) {
    const dot = history.dot(ring, back);
    const at = rows.add();
    rows.floats[at] = xOf(history.lonAt(dot) * 1e-7) - originX;
    rows.floats[at + 1] = yOf(history.latAt(dot) * 1e-7) - originY;
    rows.floats[at + 2] = 0.9 - (0.6 * back) / DOTS;
    rows.floats[at + 3] = history.gapBefore(dot) ? 1 : 0;
  }
}
