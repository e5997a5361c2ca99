/** Coordinates as text: decimal degrees, degrees-minutes-seconds, MGRS. WGS 84 throughout. */

import { forward } from "mgrs";
import { UNKNOWN } from "./numbers";
import type { CoordinateStyle } from "./profile";

/** MGRS has no zones nearer to the poles. */
export const MGRS_NORTH_DEG = 84;
export const MGRS_SOUTH_DEG = -80;

export function isPosition(latDeg: number, lonDeg: number): boolean {
  return Math.abs(latDeg) <= 90 && Math.abs(lonDeg) <= 180; // false for NaN
}

/** A position in one of the three styles; "—" if it is none. MGRS near the poles falls back. */
export function formatPosition(latDeg: number, lonDeg: number, style: CoordinateStyle): string {
  if (!isPosition(latDeg, lonDeg)) return UNKNOWN;
  if (style === "dms") return `${formatDms(latDeg, "NS")} ${formatDms(lonDeg, "EW")}`;
  if (style === "mgrs") return formatMgrs(latDeg, lonDeg) ?? formatDecimal(latDeg, lonDeg);
  return formatDecimal(latDeg, lonDeg);
}

/** "54.6872, 25.2797": a point as the decimal mark and an ASCII minus, so that it can be copied. */
export function formatDecimal(latDeg: number, lonDeg: number, digits = 4): string {
  return `${plain(latDeg, digits)}, ${plain(lonDeg, digits)}`;
}

function plain(deg: number, digits: number): string {
  const text = deg.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text;
}

/** `54°41′14″N`; seconds carry, so that no 60 is ever shown. */
export function formatDms(deg: number, letters: "NS" | "EW"): string {
  if (!Number.isFinite(deg)) return UNKNOWN;
  const total = Math.round(Math.abs(deg) * 3600);
  const width = letters === "NS" ? 2 : 3;
  const d = String(Math.floor(total / 3600)).padStart(width, "0");
  const m = String(Math.floor((total % 3600) / 60)).padStart(2, "0");
  const s = String(total % 60).padStart(2, "0");
  const letter = deg < 0 && total > 0 ? letters[1] : letters[0];
  return `${d}°${m}′${s}″${letter}`;
}

/** "35U LB 89123 62345" to one metre, or fewer digits; null where MGRS has no zone. */
export function formatMgrs(latDeg: number, lonDeg: number, digits: 1 | 2 | 3 | 4 | 5 = 4): string | null {
  if (!isPosition(latDeg, lonDeg)) return null;
  if (latDeg > MGRS_NORTH_DEG || latDeg < MGRS_SOUTH_DEG) return null;
  const east = lonDeg === 180 ? -180 : lonDeg; // the same meridian; zone 61 does not exist
  const packed = forward([east, latDeg], digits);
  const match = /^(\d{1,2}[C-X])([A-Z]{2})(\d*)$/.exec(packed);
  if (match === null) return null;
  const [, zone = "", square = "", numbers = ""] = match;
  const half = numbers.length / 2;
  return `${zone.padStart(3, "0")} ${square} ${numbers.slice(0, half)} ${numbers.slice(half)}`;
}
