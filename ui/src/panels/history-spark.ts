/** The line of heights over time, as a path that breaks where nothing was measured. */

import type { HistoryPoint } from "../model/nouns";

export const SPARK_WIDTH = 300;
export const SPARK_HEIGHT = 48;
/** Longer than this without a measurement is a gap, and no line is drawn over it. */
export const GAP_NS = 60e9;

export interface Spark {
  readonly path: string;
  /** Single points, which a line would not show. */
  readonly dots: readonly (readonly [number, number])[];
  readonly gaps: number;
  readonly lowM: number | null;
  readonly highM: number | null;
}

/** The spark of a history, oldest first, up to `untilNs`. Without any height there is no path. */
export function sparkOf(history: readonly HistoryPoint[], untilNs = Number.POSITIVE_INFINITY): Spark {
  const points = history.filter((point) => point.time_ns <= untilNs);
  const heights = points.map((point) => point.alt_m).filter((m): m is number => m !== null);
  const gaps = points.filter((p, i) => i > 0 && p.time_ns - (points[i - 1]?.time_ns ?? 0) > GAP_NS).length;
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || heights.length === 0) {
    return { path: "", dots: [], gaps, lowM: null, highM: null };
  }
  const lowM = Math.min(...heights);
  const highM = Math.max(...heights);
  const span = Math.max(1, last.time_ns - first.time_ns);
  const rise = Math.max(100, highM - lowM); // a level flight is a level line, not noise
  const place = (point: HistoryPoint): [number, number] => [
    round(((point.time_ns - first.time_ns) / span) * SPARK_WIDTH),
    round(SPARK_HEIGHT - 4 - (((point.alt_m ?? lowM) - lowM) / rise) * (SPARK_HEIGHT - 8)),
  ];
  const runs = runsOf(points);
  return {
    path: runs
      .filter((run) => run.length > 1)
      .map((run) => `M${run.map((p) => place(p).join(" ")).join("L")}`)
      .join(""),
    dots: runs.flatMap((run) => (run.length === 1 && run[0] !== undefined ? [place(run[0])] : [])),
    gaps,
    lowM,
    highM,
  };
}

function runsOf(points: readonly HistoryPoint[]): HistoryPoint[][] {
  const runs: HistoryPoint[][] = [];
  let before: HistoryPoint | null = null;
  for (const point of points) {
    if (point.alt_m === null) {
      before = null;
      continue;
    }
    if (before === null || point.time_ns - before.time_ns > GAP_NS) runs.push([]);
    runs.at(-1)?.push(point);
    before = point;
  }
  return runs;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
