/** Which tracks are shown. No filter hides a track that an open alarm names. */

import { computed } from "@preact/signals";
import { tracks, view, type Tracks } from "./picture";
import type { Filters } from "./view";

const TENTATIVE = 0;
const LOST = 3;
const CLAIMED = 1;

/** Whether the filters leave a row of a frame on the map and in the table. */
export function isShown(frame: Tracks, row: number, filters: Filters): boolean {
  if ((frame.level[row] as number) > 0) return true;
  if (filters.alarmed) return false;
  const state = frame.state[row] as number;
  if (!filters.tentative && state === TENTATIVE) return false;
  if (!filters.lost && state >= LOST) return false;
  if (!filters.claimed && frame.basis[row] === CLAIMED) return false;
  if (filters.belowM !== null && (frame.altM[row] as number) > filters.belowM) return false;
  return (frame.existence[row] as number) >= filters.minExistence;
}

/** How many tracks there are, and how many of them the filters hide. */
export const trackCounts = computed(() => {
  const frame = tracks.value;
  const filters = view.value.filters;
  if (frame === null) return { total: 0, hidden: 0 };
  let hidden = 0;
  for (let row = 0; row < frame.n; row += 1) if (!isShown(frame, row, filters)) hidden += 1;
  return { total: frame.n, hidden };
});
