/** What lies under a click, and which track is next for the keyboard. */

import type { Selection } from "../model/picture";
import { trackId } from "../stream/frames";
import type { Camera } from "./mercator";
import { pixelOf, xOf, yOf } from "./mercator";
import type { Scene } from "./scene";
import { findVisible, noneVisible, type Visible } from "./visible";

const REACH_PX = 18;
const ALARM_BONUS_PX = 8; // an alarmed track wins over an ordinary one that is nearer

/** What lies nearest to a point, in pixels from the middle of the map; null when nothing does. */
export function pick(scene: Scene, camera: Camera, visible: Visible, x: number, y: number): Selection | null {
  const track = nearestTrack(scene, visible, x, y);
  if (track !== null) return track;
  let found: Selection | null = null;
  let nearest = REACH_PX;
  const offer = (kind: Selection["kind"], id: string, latDeg: number, lonDeg: number): void => {
    const at = pixelOf(camera, xOf(lonDeg), yOf(latDeg));
    const far = Math.hypot(at.x - x, at.y - y);
    if (far < nearest) [nearest, found] = [far, { kind, id }];
  };
  for (const one of scene.objects.values()) {
    if (one.state !== "flying") offer("object", one.object_id, one.lat_deg, one.lon_deg);
  }
  for (const one of scene.alarms.values()) {
    if (one.state === "cleared" || one.lat_deg == null || one.lon_deg == null) continue;
    if ((one.track_ids ?? []).length === 0) offer("alarm", one.alarm_id, one.lat_deg, one.lon_deg);
  }
  for (const one of scene.reports) offer("report", one.id, one.lat, one.lon);
  if (found !== null) return found;
  for (const one of scene.sensors.values()) offer("sensor", one.sensor_id, one.lat_deg, one.lon_deg);
  return found;
}

function nearestTrack(scene: Scene, visible: Visible, x: number, y: number): Selection | null {
  const { frame } = scene;
  if (frame === null) return null;
  let nearest = REACH_PX;
  let found = -1;
  for (let i = 0; i < visible.n; i += 1) {
    const row = visible.rows[i] as number;
    const far = Math.hypot((visible.px[2 * i] as number) - x, (visible.px[2 * i + 1] as number) - y);
    if (far > REACH_PX) continue;
    const weighed = far - ((frame.level[row] as number) > 0 ? ALARM_BONUS_PX : 0);
    if (weighed < nearest) [nearest, found] = [weighed, row];
  }
  return found < 0 ? null : { kind: "track", id: trackId(frame.keyWords, found) };
}

/** What follows (`step` 1) or precedes (-1) the selected thing: of a report the report heard next,
 *  else a track, alarmed ones first, then from west to east. */
export function neighbour(scene: Scene, camera: Camera, step: 1 | -1): Selection | null {
  const { frame, selection } = scene;
  if (selection?.kind === "report") return reportBeside(scene, selection.id, step);
  if (frame === null) return null;
  const visible = noneVisible();
  findVisible(scene, camera, visible);
  const rows = [...visible.rows.subarray(0, visible.n)];
  if (rows.length === 0) return null;
  const { level, lon, lat } = frame;
  rows.sort(
    (a, b) =>
      (level[b] as number) - (level[a] as number) ||
      (lon[a] as number) - (lon[b] as number) ||
      (lat[a] as number) - (lat[b] as number),
  );
  const at = rows.indexOf(scene.selectedRow());
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : (at + step + rows.length) % rows.length;
  return { kind: "track", id: trackId(frame.keyWords, rows[next] as number) };
}

/** Reports go round in the order in which they were heard. */
function reportBeside({ reports }: Scene, id: string, step: 1 | -1): Selection | null {
  const at = reports.findIndex((one) => one.id === id);
  if (at < 0) return null;
  const next = reports[(at + step + reports.length) % reports.length];
  return next === undefined ? null : { kind: "report", id: next.id };
}
