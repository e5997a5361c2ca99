/** The words of a track's label: who, how real; how high above what, how fast, how old. */

import type { Tracks } from "../model/picture";
import type { Profile } from "../model/view";
import { trackId, type Frame } from "../stream/frames";
import { formatPercent, UNKNOWN } from "../units/numbers";
import { profileOf } from "../units/profile";
import { formatHeight, formatSpeed } from "../units/quantities";

const COASTING = 2;
const LOST = 3;
const CERTAIN = 0.995;
const ID_DIGITS = 6; // enough to tell tracks apart in talk
const REFERENCE = "WGS84"; // heights of a frame are above the ellipsoid

/** Two lines. A claimed callsign stands in quotation marks: its sender says so, nobody else. */
export function trackLines(frame: Frame, row: number, profile: Profile, staleS: number): string[] {
  const existence = frame.existence[row] as number;
  const real = existence < CERTAIN ? ` ${formatPercent(existence)}` : "";
  const units = profileOf(profile);
  const height = formatHeight(frame.altM[row], "ellipsoid", units);
  const high = height.text === UNKNOWN ? UNKNOWN : `${height.text} ${REFERENCE}`;
  const state = frame.state[row] as number;
  const ageS = (frame.ageS[row] as number) + staleS;
  const old = state === COASTING || state === LOST || staleS > 0 ? ` · ${ageText(ageS)}` : "";
  if (state === LOST) return [nameOf(frame, row) + real, `?${old}`];
  const speed = formatSpeed(Math.hypot(frame.eastMps[row] as number, frame.northMps[row] as number), units);
  return [nameOf(frame, row) + real, `${high} ${speed}${old}`];
}

/** How a track is called on the map. */
export function nameOf(frame: Frame | (Tracks & { keyWords: Uint32Array }), row: number): string {
  const claimed = frame.callsign(row);
  return claimed === "" ? trackId(frame.keyWords, row).slice(0, ID_DIGITS) : `“${claimed}”`;
}

/** An age, short: "45 s", "12 min", "3 h". */
export function ageText(ageS: number): string {
  if (ageS < 100) return `${Math.round(ageS)} s`;
  if (ageS < 5940) return `${Math.round(ageS / 60)} min`;
  return `${Math.round(ageS / 3600)} h`;
}
