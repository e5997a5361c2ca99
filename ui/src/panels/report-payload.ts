/** A citizen's report as the server takes it; see docs/schemas/report-payload.json. */

import { compassDeg, type Compass } from "../units/quantities";
import { formatLocal, NS_PER_MS } from "../units/times";
import type { TypedTime } from "../units/typed-time";

/** A name and a direction are worth this much: one of eight directions. */
export const SIGMA_COURSE_DEG = 45;
export const MOST_CHARACTERS = 280;

/** How well a caller knows the place; the number is one standard deviation. */
export const PLACE_ERRORS_M = [200, 1_000, 3_000, 10_000] as const;
/** How well a caller knows the time. */
export const TIME_ERRORS_S = [30, 120, 600, 1_800] as const;

export type Sense = "heard" | "seen" | "both";

export interface ReportFields {
  readonly latDeg: number | null;
  readonly lonDeg: number | null;
  readonly sigmaM: number;
  readonly time: TypedTime;
  readonly sigmaTimeS: number;
  /** null until the clerk has asked: nobody is first-hand by default. */
  readonly firstHand: boolean | null;
  readonly sense: Sense | null;
  readonly course: Compass | null;
  readonly text: string;
}

export interface ReportPayload {
  lat_deg: number;
  lon_deg: number;
  sigma_m: number;
  sigma_time_s: number;
  first_hand: boolean;
  course_deg?: number;
  sigma_course_deg?: number;
  text?: string;
  time?: string;
}

/** What is still missing or wrong, by field, in the order in which the form asks. */
export type Missing = "place" | "time" | "first_hand" | "text";

export function missingOf(fields: ReportFields): Missing[] {
  const missing: Missing[] = [];
  if (fields.latDeg === null || fields.lonDeg === null) missing.push("place");
  if (fields.time.kind !== "now" && fields.time.kind !== "time") missing.push("time");
  if (fields.firstHand === null) missing.push("first_hand");
  if (noteOf(fields).length > MOST_CHARACTERS) missing.push("text");
  return missing;
}

/** The payload; null while something is missing. An absent time means now on the engine's clock. */
export function payloadOf(fields: ReportFields): ReportPayload | null {
  if (missingOf(fields).length > 0) return null;
  const payload: ReportPayload = {
    lat_deg: round(fields.latDeg ?? 0),
    lon_deg: round(fields.lonDeg ?? 0),
    sigma_m: fields.sigmaM,
    sigma_time_s: fields.sigmaTimeS,
    first_hand: fields.firstHand === true,
  };
  if (fields.course !== null) {
    payload.course_deg = compassDeg(fields.course);
    payload.sigma_course_deg = SIGMA_COURSE_DEG;
  }
  const note = noteOf(fields);
  if (note !== "") payload.text = note;
  if (fields.time.kind === "time") payload.time = isoOf(fields.time.ns);
  return payload;
}

/** What the record keeps in words: how it was noticed, then what was said. */
export function noteOf(fields: Pick<ReportFields, "sense" | "text">): string {
  const sense = fields.sense === null ? "" : SENSES[fields.sense];
  const text = fields.text.trim();
  if (sense === "" || text === "") return sense === "" ? text : `${sense}.`;
  return `${sense}: ${text}`;
}

/** The record is in English, as all that the system itself writes. */
const SENSES: Readonly<Record<Sense, string>> = {
  heard: "Heard",
  seen: "Seen",
  both: "Heard and seen",
};

/** ISO 8601 with a Z, to the second. */
export function isoOf(ns: number): string {
  return `${new Date(Math.floor(ns / NS_PER_MS / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

/** The local time that is put in the field for a report that is happening now. */
export function clockNow(nowNs: number, zone: string): string {
  return formatLocal(nowNs, zone, false);
}

function round(deg: number): number {
  return Math.round(deg * 1e5) / 1e5; // a metre; a caller knows no better
}
