/** Heights, speeds, distances and directions in the units of a profile. SI goes in, text comes out. */

import { type DecimalMark, formatNumber, UNKNOWN } from "./numbers";
import type { UnitProfile } from "./profile";

export const METRES_PER_FOOT = 0.3048;
export const METRES_PER_NAUTICAL_MILE = 1852;
export const MPS_PER_KNOT = METRES_PER_NAUTICAL_MILE / 3600;
export const MPS_PER_KMH = 1 / 3.6;
const FEET_PER_LEVEL = 100;
const NBSP = "\u00a0";

/** What a height is measured from; the four never mix. */
export type HeightReference = "ellipsoid" | "amsl" | "agl" | "pressure";

export interface ShownHeight {
  /** Number and unit, for instance "200 m", "660 ft", "FL 012"; "—" where no height is known. */
  readonly text: string;
  /** The reference that must be shown beside it; null where no height is known. */
  readonly reference: HeightReference | null;
}

export const feet = (m: number): number => m / METRES_PER_FOOT;
export const knots = (mps: number): number => mps / MPS_PER_KNOT;
export const kmh = (mps: number): number => mps / MPS_PER_KMH;
export const nauticalMiles = (m: number): number => m / METRES_PER_NAUTICAL_MILE;

/**
 * A height with its reference, to 10 m or 50 ft: sensors do not know it better.
 *
 * Only a pressure altitude becomes a flight level. A height above the ellipsoid never does: between
 * the two lie the geoid and tonight's air pressure.
 */
export function formatHeight(
  valueM: number | null | undefined,
  reference: HeightReference,
  profile: UnitProfile,
): ShownHeight {
  if (valueM === null || valueM === undefined || !Number.isFinite(valueM)) {
    return { text: UNKNOWN, reference: null };
  }
  if (profile.height === "m") {
    return { text: `${formatNumber(rounded(valueM, 10))}${NBSP}m`, reference };
  }
  if (reference === "pressure") return { text: flightLevel(valueM), reference };
  return { text: `${formatNumber(rounded(feet(valueM), 50))}${NBSP}ft`, reference };
}

/** A pressure altitude as a flight level: 3,048 m is "FL 100". */
export function flightLevel(pressureAltM: number): string {
  if (!Number.isFinite(pressureAltM)) return UNKNOWN;
  const level = Math.round(feet(pressureAltM) / FEET_PER_LEVEL);
  const sign = level < 0 ? "\u2212" : "";
  return `FL${NBSP}${sign}${String(Math.abs(level)).padStart(3, "0")}`;
}

/** A speed over the ground, to 5 below which no sensor of ours tells: "165 km/h", "90 kt". */
export function formatSpeed(mps: number, profile: UnitProfile): string {
  const value = profile.speed === "kt" ? knots(mps) : kmh(mps);
  if (!Number.isFinite(value)) return UNKNOWN;
  return `${formatNumber(Math.round(value))}${NBSP}${profile.speed}`;
}

/** A distance as people say it: "350 m", "1.4 km", "12 km", "6.5 NM". */
export function formatDistance(m: number, profile: UnitProfile, mark: DecimalMark = "."): string {
  if (!Number.isFinite(m)) return UNKNOWN;
  if (profile.distance === "NM") {
    const miles = nauticalMiles(m);
    return `${formatNumber(miles, Math.abs(miles) < 9.95 ? 1 : 0, mark)}${NBSP}NM`;
  }
  if (Math.abs(m) < 950) return `${formatNumber(rounded(m, 10))}${NBSP}m`;
  const km = m / 1000;
  return `${formatNumber(km, Math.abs(km) < 9.95 ? 1 : 0, mark)}${NBSP}km`;
}

/** How fast it climbs, or with a minus sinks: "+2.5 m/s", "−500 ft/min". */
export function formatClimb(upMps: number, profile: UnitProfile, mark: DecimalMark = "."): string {
  if (!Number.isFinite(upMps)) return UNKNOWN;
  const sign = upMps > 0 ? "+" : "";
  if (profile.height === "m") return `${sign}${formatNumber(upMps, 1, mark)}${NBSP}m/s`;
  return `${sign}${formatNumber(rounded(feet(upMps) * 60, 50))}${NBSP}ft/min`;
}

/** Where it moves to over the ground, from its speed east and north; NaN when it stands still. */
export function courseDeg(eastMps: number, northMps: number): number {
  if (Math.hypot(eastMps, northMps) < 0.5) return Number.NaN;
  return normalDeg((Math.atan2(eastMps, northMps) * 180) / Math.PI);
}

/** An angle in 0 to 360. */
export function normalDeg(deg: number): number {
  return ((deg % 360) + 360) % 360;
}

/** A course with three digits: "005°"; 360 is "000°". */
export function formatCourse(deg: number): string {
  if (!Number.isFinite(deg)) return UNKNOWN;
  return `${String(Math.round(normalDeg(deg)) % 360).padStart(3, "0")}°`;
}

/** The eight directions that people say. */
export const COMPASS = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"] as const;
export type Compass = (typeof COMPASS)[number];

/** The nearest of the eight directions; null when there is none. */
export function compassOf(deg: number): Compass | null {
  if (!Number.isFinite(deg)) return null;
  return COMPASS[Math.round(normalDeg(deg) / 45) % 8] ?? null;
}

/** The middle of one of the eight directions, in degrees. */
export function compassDeg(compass: Compass): number {
  return COMPASS.indexOf(compass) * 45;
}

function rounded(value: number, step: number): number {
  return Math.round(value / step) * step;
}
