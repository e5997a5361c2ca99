/** Sensors as rows, the worst first: what is silent sees for nobody. */

import type { SensorState, SensorView } from "../model/nouns";

/** Words of the page: `quiet` is a desk or the like whose silence is no fault. */
export type SensorWord = "gone" | "silent" | "never_heard" | "degraded" | "speaking" | "quiet";

const WORST_FIRST: readonly SensorWord[] = [
  "gone",
  "silent",
  "never_heard",
  "degraded",
  "speaking",
  "quiet",
];
const BLIND: ReadonlySet<SensorState> = new Set(["gone", "silent", "never_heard"]);

/** The word for a sensor: silence counts only where silence is a fault. */
export function sensorWord(sensor: SensorView): SensorWord {
  if (!sensor.silence_counts && (sensor.state === "never_heard" || sensor.state === "silent")) {
    return "quiet";
  }
  return sensor.state;
}

/** Whether nobody knows what it would see: silent, gone or never heard, where that is a fault. */
export function isBlind(sensor: SensorView): boolean {
  return BLIND.has(sensor.state) && sensorWord(sensor) !== "quiet";
}

/** The worst first; among equals those that were lost longest ago, then by name. */
export function sensorRows(sensors: Iterable<SensorView>): SensorView[] {
  return [...sensors].sort(
    (a, b) =>
      WORST_FIRST.indexOf(sensorWord(a)) - WORST_FIRST.indexOf(sensorWord(b)) ||
      Number(b.lost_messages > 0) - Number(a.lost_messages > 0) ||
      (isBlind(a) ? (a.last_heard_ns ?? 0) - (b.last_heard_ns ?? 0) : 0) ||
      a.sensor_id.localeCompare(b.sensor_id, "en", { numeric: true }),
  );
}

export interface SensorCounts {
  readonly all: number;
  /** Those whose silence is a fault. */
  readonly watched: number;
  readonly blind: number;
  readonly degraded: number;
}

/** How many sensors there are, and how many of them see for nobody. */
export function countSensors(sensors: Iterable<SensorView>): SensorCounts {
  const counts = { all: 0, watched: 0, blind: 0, degraded: 0 };
  for (const sensor of sensors) {
    counts.all += 1;
    if (sensor.silence_counts) counts.watched += 1;
    if (isBlind(sensor)) counts.blind += 1;
    if (sensor.state === "degraded") counts.degraded += 1;
  }
  return counts;
}
