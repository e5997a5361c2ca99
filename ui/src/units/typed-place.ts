/** Coordinates that somebody types or pastes: decimal, degrees-minutes-seconds, or MGRS. */

import { toPoint } from "mgrs";
import { isPosition } from "./coordinates";
import type { CoordinateStyle } from "./profile";

export interface TypedPosition {
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly style: CoordinateStyle;
}

const MGRS = /^(\d{1,2})\s*([C-HJ-NP-X])\s*([A-HJ-NP-Z]{2})\s*((?:\d\s*){2,10})$/;
const NUMBER = "(\\d+(?:[.,]\\d+)?)";
const ANGLE = new RegExp(
  `^([NSEW])?\\s*([-+])?\\s*${NUMBER}(?:\\s*[°\\s]\\s*${NUMBER})?` +
    `(?:\\s*['′\\s]\\s*${NUMBER})?\\s*["″]?\\s*['′°]?\\s*([NSEW])?$`,
);
const COMPACT = /^(\d{2})(\d{2})(\d{2})?([NS])(\d{3})(\d{2})(\d{2})?([EW])$/;

/** The position that was typed; null if it cannot be read as one, or lies on no globe. */
export function parsePosition(typed: string): TypedPosition | null {
  const text = tidy(typed);
  return parseMgrs(text) ?? parseCompact(directions(text)) ?? parsePair(directions(text));
}

/** One spelling of each sign, in capitals. */
function tidy(typed: string): string {
  return typed
    .trim()
    .toUpperCase()
    .replace(/[\u2212\u2013\u2010\u2011]/g, "-")
    .replace(/[\u00a0\u202f\t]/g, " ")
    .replace(/º/g, "°")
    .replace(/[\u2018\u2019\u02b9\u00b4]/g, "'")
    .replace(/[\u201c\u201d\u02ba]|''|′′/g, '"');
}

/** Lithuanian letters of the four directions as N, S, E, W. Bands of MGRS are no directions. */
function directions(text: string): string {
  return text
    .replace(/Š/g, "N")
    .replace(/(?<![A-Z])P(?![A-Z])/g, "S")
    .replace(/(?<![A-Z])R(?![A-Z])/g, "E")
    .replace(/(?<![A-Z])V(?![A-Z])/g, "W");
}

function parseMgrs(text: string): TypedPosition | null {
  const match = MGRS.exec(text);
  if (match === null) return null;
  const digits = (match[4] ?? "").replace(/\s/g, "");
  const zone = Number(match[1]);
  if (digits.length % 2 !== 0 || zone < 1 || zone > 60) return null;
  try {
    const [lonDeg, latDeg] = toPoint(`${zone}${match[2]}${match[3]}${digits}`);
    return position(latDeg, lonDeg, "mgrs");
  } catch {
    return null; // letters that name no square of that zone
  }
}

/** As aviation writes it: 5441N02516E, 544114N0251647E. */
function parseCompact(text: string): TypedPosition | null {
  const match = COMPACT.exec(text.replace(/\s/g, ""));
  if (match === null) return null;
  const part = (i: number): number => Number(match[i] ?? 0);
  const lat = sexagesimal(part(1), part(2), part(3));
  const lon = sexagesimal(part(5), part(6), part(7));
  if (lat === null || lon === null) return null;
  return position(match[4] === "S" ? -lat : lat, match[8] === "W" ? -lon : lon, "dms");
}

function parsePair(text: string): TypedPosition | null {
  for (const [first, second] of halves(text)) {
    const a = parseAngle(first);
    const b = parseAngle(second);
    if (a === null || b === null) continue;
    const swapped = a.axis === "lon" || b.axis === "lat";
    if (swapped && (a.axis === "lat" || b.axis === "lon")) continue; // 54 N, 25 N
    const [lat, lon] = swapped ? [b, a] : [a, b];
    return position(lat.deg, lon.deg, a.parts > 1 || b.parts > 1 ? "dms" : "decimal");
  }
  return null;
}

/** The ways to cut a pair in two, the surest first: ";", ", ", after a letter, "," alone, a space. */
function* halves(text: string): Generator<[string, string]> {
  for (const cut of [/;/, /,\s+/, /(?<=\d\s*["'°′″]?\s*[NSEW])[\s,/]*(?=[-+\d])/, /[,/]/, /(?<=[NSEW][^NSEW]+)(?=[NSEW])/]) {
    const parts = text.split(cut).map((part) => part.trim());
    if (parts.length === 2) yield [parts[0] ?? "", parts[1] ?? ""];
  }
  const words = text.split(/\s+/);
  if (words.length % 2 === 0 && words.length <= 8) {
    const half = words.length / 2;
    yield [words.slice(0, half).join(" "), words.slice(half).join(" ")];
  }
}

function parseAngle(text: string): { deg: number; axis: "lat" | "lon" | null; parts: number } | null {
  const match = ANGLE.exec(text);
  if (match === null) return null;
  const [, before, sign, d = "", m, s, after] = match;
  if (before !== undefined && after !== undefined) return null;
  const letter = before ?? after;
  const size = sexagesimal(number(d), number(m), number(s));
  if (size === null || (letter !== undefined && sign === "-")) return null;
  const negative = sign === "-" || letter === "S" || letter === "W";
  return {
    deg: negative ? -size : size,
    axis: letter === undefined ? null : letter === "N" || letter === "S" ? "lat" : "lon",
    parts: s !== undefined ? 3 : m !== undefined ? 2 : 1,
  };
}

const number = (text: string | undefined): number => Number((text ?? "0").replace(",", "."));

function sexagesimal(d: number, m: number, s: number): number | null {
  return m < 60 && s < 60 ? d + m / 60 + s / 3600 : null;
}

function position(latDeg: number, lonDeg: number, style: CoordinateStyle): TypedPosition | null {
  return isPosition(latDeg, lonDeg) ? { latDeg, lonDeg, style } : null;
}
