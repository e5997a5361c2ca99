/** Rows of the track table: what is shown of a frame, and in which order. */

import { isShown } from "../model/filters";
import type { Tracks } from "../model/picture";
import type { Filters } from "../model/view";
import { courseDeg } from "../units/quantities";

const LOST = 3;
const CLAIMED = 1;
/** More rows than these no person reads; the table says how many it leaves out. */
export const MOST_ROWS = 200;

export type SortKey = "urgency" | "existence" | "height" | "speed" | "course" | "border" | "age" | "state";

/** What a column sorts by; NaN means unknown and comes last. */
export function sortValue(tracks: Tracks, row: number, key: SortKey): number {
  const at = (column: { readonly [row: number]: number | undefined }): number => column[row] ?? Number.NaN;
  switch (key) {
    case "existence":
      return at(tracks.existence);
    case "height":
      return at(tracks.altM);
    case "speed":
      return Math.hypot(at(tracks.eastMps), at(tracks.northMps));
    case "course":
      return courseDeg(at(tracks.eastMps), at(tracks.northMps));
    case "border":
      return at(tracks.borderS);
    case "age":
      return at(tracks.ageS);
    case "state":
      return at(tracks.state);
    case "urgency":
      return urgency(tracks, row);
  }
}

/** Small is urgent: gravest alarm first, then what nears a border, then the low, then the lost. */
function urgency(tracks: Tracks, row: number): number {
  const level = tracks.level[row] ?? 0;
  const waiting = (tracks.flags[row] ?? 0) & 1;
  const border = tracks.borderS[row] ?? Number.NaN;
  const state = tracks.state[row] ?? 0;
  const alt = tracks.altM[row] ?? Number.NaN;
  const near = Number.isNaN(border) ? 1 : Math.min(1, border / 3600);
  const high = Number.isNaN(alt) ? 0.3 : Math.min(1, Math.max(0, alt) / 12_000);
  const claimed = tracks.basis[row] === CLAIMED ? 4 : 0;
  return -20 * level - 5 * waiting + 2 * near + high + (state >= LOST ? 3 : 0) + claimed;
}

export interface ShownRows {
  readonly rows: readonly number[];
  /** How many the filters leave in. */
  readonly shown: number;
  /** How many there are in all. */
  readonly all: number;
}

/** The rows that the filters leave in, sorted; at most `most` of them. Ties go by track key. */
export function shownRows(
  tracks: Tracks,
  filters: Filters,
  sort: { readonly key: SortKey; readonly down: boolean },
  most = MOST_ROWS,
): ShownRows {
  const rows: number[] = [];
  for (let row = 0; row < tracks.n; row += 1) if (isShown(tracks, row, filters)) rows.push(row);
  const values = new Map(rows.map((row) => [row, sortValue(tracks, row, sort.key)]));
  const sign = sort.down ? -1 : 1;
  rows.sort((a, b) => {
    const x = values.get(a) ?? Number.NaN;
    const y = values.get(b) ?? Number.NaN;
    if (Number.isNaN(x) || Number.isNaN(y)) {
      if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1;
    } else if (x !== y) {
      return sign * (x - y);
    }
    const [ka, kb] = [tracks.key[a] ?? 0n, tracks.key[b] ?? 0n];
    return ka < kb ? -1 : ka > kb ? 1 : 0;
  });
  return { rows: rows.slice(0, most), shown: rows.length, all: tracks.n };
}

/** The name of a track in text: 16 hexadecimal digits. */
export function trackIdOf(tracks: Tracks, row: number): string {
  return (tracks.key[row] ?? 0n).toString(16).padStart(16, "0");
}

/** The first six digits: enough to tell tracks apart in talk. */
export function shortId(id: string): string {
  return id.slice(0, 6);
}
