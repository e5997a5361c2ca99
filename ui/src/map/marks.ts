/** Symbols beside those of the frame: sensors, reports, what became of objects, alarms, the chosen. */

import type { Level, ObjectState, SensorState } from "../model/nouns";
import { UNACKNOWLEDGED } from "../model/picture";
import { CELLS, type CellName } from "./generated/cells";
import type { Rows } from "./gl";
import type { Scene } from "./scene";
import type { Visible } from "./visible";

export const MARK_FLOATS = [2, 2, 2];
const BADGE_PX = { x: -15, y: -14 }; // labels stand to the right where they can
const LEVEL_NAMES: readonly (Level | "")[] = ["", "advisory", "caution", "warning"];
const STATES = ["tentative", "confirmed", "coasting", "lost", "left", "down", "never_real"] as const;
const LEFT = 4;

/** What lies under the tracks: sensors. */
export function fillSites(scene: Scene, zoom: number, rows: Rows): void {
  rows.clear();
  const scale = zoom < 7 ? 0.62 : zoom < 9 ? 0.8 : 1;
  for (const sensor of scene.sensors.values()) {
    const cell = CELLS[`${sensor.kind}_${lookOf(sensor.state)}` as CellName];
    const heard = lookOf(sensor.state) === "speaking";
    put(rows, scene.placeOf(sensor.lat_deg, sensor.lon_deg), cell, 0, 0, heard ? scale : Math.max(scale, 0.9));
  }
}

function lookOf(state: SensorState): "speaking" | "degraded" | "silent" {
  return state === "speaking" || state === "degraded" ? state : "silent";
}

/** What lies over the tracks, the least grave first. */
export function fillTop(scene: Scene, visible: Visible, rows: Rows): void {
  rows.clear();
  fillReports(scene, rows);
  fillObjects(scene, rows);
  fillPlacedAlarms(scene, rows);
  for (let level = 1; level < LEVEL_NAMES.length; level += 1) fillLevel(scene, visible, level, rows);
  const place = chosenPlace(scene);
  if (place !== null) put(rows, place, CELLS.chosen, 0, 0, 1);
}

/** Reports by the time they were heard, so that the newest lies on top. */
function fillReports(scene: Scene, rows: Rows): void {
  for (const report of scene.reports) {
    const cell = report.firstHand ? CELLS.report_first_hand : CELLS.report_relayed;
    put(rows, scene.placeOf(report.lat, report.lon), cell, 0, 0, 1);
  }
}

/** Objects that are in no frame any more; those in one are drawn as tracks. */
function fillObjects(scene: Scene, rows: Rows): void {
  for (const object of scene.objects.values()) {
    if (object.state === "flying") continue;
    const row = scene.frame?.rowOf(object.track_id) ?? -1;
    if (row >= 0 && object.state === "lost") continue; // its track's own sign stands there
    const place = scene.placeOf(object.lat_deg, object.lon_deg);
    put(rows, place, outcomeCell(object.state), 0, 0, 1);
    if (row < 0) put(rows, place, CELLS[object.level], BADGE_PX.x, BADGE_PX.y, 1);
  }
}

function outcomeCell(state: Exclude<ObjectState, "flying">): number {
  return CELLS[`measured_${state}`];
}

/** Open alarms that name a place and no track, such as several reports of one thing. */
function fillPlacedAlarms(scene: Scene, rows: Rows): void {
  for (const alarm of scene.alarms.values()) {
    if (alarm.state === "cleared" || (alarm.track_ids ?? []).length > 0) continue;
    if (alarm.lat_deg == null || alarm.lon_deg == null) continue;
    const cell = badgeCell(alarm.level, alarm.state === "raised");
    put(rows, scene.placeOf(alarm.lat_deg, alarm.lon_deg), cell, 0, 0, 1);
  }
}

function fillLevel(scene: Scene, visible: Visible, level: number, rows: Rows): void {
  const { frame, places } = scene;
  const name = LEVEL_NAMES[level] as Level;
  if (frame === null) return;
  for (let i = 0; i < visible.n; i += 1) {
    const row = visible.rows[i] as number;
    if (frame.level[row] !== level) continue;
    const place = { x: places[2 * row] as number, y: places[2 * row + 1] as number };
    const waiting = ((frame.flags[row] as number) & UNACKNOWLEDGED) !== 0;
    put(rows, place, symbolCell(frame.state[row] as number, frame.basis[row] as number), 0, 0, 1);
    put(rows, place, badgeCell(name, waiting), BADGE_PX.x, BADGE_PX.y, 1);
  }
}

function badgeCell(level: Level, waiting: boolean): number {
  return waiting ? CELLS[`${level}_waiting` as const] : CELLS[level];
}

function symbolCell(state: number, basis: number): number {
  return Math.min(state, LEFT + 2) + (basis === 1 ? STATES.length : 0);
}

function chosenPlace(scene: Scene): { x: number; y: number } | null {
  const found = scene.selectedPlace();
  return found === null ? null : scene.placeOf(found.lat, found.lon);
}

function put(
  rows: Rows,
  place: { x: number; y: number },
  cell: number,
  offsetX: number,
  offsetY: number,
  scale: number,
): void {
  const at = rows.add();
  const { floats } = rows;
  floats[at] = place.x;
  floats[at + 1] = place.y;
  floats[at + 2] = offsetX;
  floats[at + 3] = offsetY;
  floats[at + 4] = cell;
  floats[at + 5] = scale;
}
