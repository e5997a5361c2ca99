/** Times: nanoseconds since 1970 in UTC go in; Zulu, local time, ages and countdowns come out. */

import { UNKNOWN } from "./numbers";

export const NS_PER_MS = 1e6;
export const NS_PER_S = 1e9;
export const NS_PER_MIN = 60e9;
export const NS_PER_H = 3600e9;
const NBSP = "\u00a0";

export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (found === undefined) {
    found = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formatters.set(zone, found);
  }
  return found;
}

/** Whether the browser knows a time zone of this name. */
export function isZone(zone: string): boolean {
  try {
    formatterOf(zone);
    return zone !== "";
  } catch {
    return false;
  }
}

/** What clocks on the wall show in a zone at a moment in milliseconds. */
export function wallTime(ms: number, zone: string): WallTime {
  const parts: Record<string, number> = {};
  for (const part of formatterOf(zone).formatToParts(ms)) {
    if (part.type !== "literal") parts[part.type] = Number(part.value);
  }
  return {
    year: parts.year ?? 0,
    month: parts.month ?? 0,
    day: parts.day ?? 0,
    hour: parts.hour ?? 0,
    minute: parts.minute ?? 0,
    second: parts.second ?? 0,
  };
}

/** `wallTime` as if it were UTC, in milliseconds: its difference to the moment is the offset. */
export function asUtcMs(wall: WallTime): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
}

/**
 * The moments, in milliseconds, at which clocks in the zone show this: one, as a rule; two in the
 * hour that comes twice in autumn; none in the hour that is left out in spring.
 */
export function momentsOf(wall: WallTime, zone: string): number[] {
  const shown = asUtcMs(wall);
  const found = new Set<number>();
  for (const probe of [shown - 86_400_000, shown, shown + 86_400_000]) {
    const moment = shown - (asUtcMs(wallTime(probe, zone)) - Math.floor(probe / 1000) * 1000);
    if (asUtcMs(wallTime(moment, zone)) === shown) found.add(moment);
  }
  return [...found].sort((a, b) => a - b);
}

const two = (value: number): string => String(value).padStart(2, "0");

/** "04:56:10" in a zone, or "04:56". */
export function formatLocal(ns: number, zone: string, seconds = true): string {
  if (!isTime(ns)) return UNKNOWN;
  const wall = wallTime(Math.floor(ns / NS_PER_MS), zone);
  return `${two(wall.hour)}:${two(wall.minute)}${seconds ? `:${two(wall.second)}` : ""}`;
}

/** "01:56:10Z", or "01:56Z". */
export function formatZulu(ns: number, seconds = true): string {
  if (!isTime(ns)) return UNKNOWN;
  const text = new Date(Math.floor(ns / NS_PER_MS)).toISOString();
  return `${text.slice(11, seconds ? 19 : 16)}Z`;
}

/** "2025-07-28" in a zone. */
export function formatDay(ns: number, zone: string): string {
  if (!isTime(ns)) return UNKNOWN;
  const wall = wallTime(Math.floor(ns / NS_PER_MS), zone);
  return `${wall.year}-${two(wall.month)}-${two(wall.day)}`;
}

/** "UTC+3" or "UTC+5:30": how far clocks in the zone are ahead at that moment. */
export function formatOffset(ns: number, zone: string): string {
  if (!isTime(ns)) return UNKNOWN;
  const ms = Math.floor(ns / NS_PER_S) * 1000;
  const minutes = Math.round((asUtcMs(wallTime(ms, zone)) - ms) / 60_000);
  const sign = minutes < 0 ? "\u2212" : "+";
  const part = Math.abs(minutes) % 60;
  return `UTC${sign}${Math.floor(Math.abs(minutes) / 60)}${part ? `:${two(part)}` : ""}`;
}

/** Whether the engine has a time at all: before the first entry it is 0. */
export function isTime(ns: number | null | undefined): ns is number {
  return typeof ns === "number" && Number.isFinite(ns) && ns > 0 && ns < 8.64e21;
}

/** A duration in at most two units that people say: "12 s", "3 min", "1 h 05 min", "2 d 3 h". */
export function formatDuration(s: number): string {
  if (!Number.isFinite(s)) return UNKNOWN;
  const whole = Math.max(0, Math.floor(s));
  if (whole < 120) return `${whole}${NBSP}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}${NBSP}min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}${NBSP}h${NBSP}${two(minutes % 60)}${NBSP}min`;
  return `${Math.floor(hours / 24)}${NBSP}d${NBSP}${hours % 24}${NBSP}h`;
}

/** How old something is now; never negative, "—" when it never was. */
export function formatAge(thenNs: number | null | undefined, nowNs: number): string {
  if (!isTime(thenNs) || !isTime(nowNs)) return UNKNOWN;
  return formatDuration(Math.max(0, (nowNs - thenNs) / NS_PER_S));
}

/** A countdown in minutes and seconds: "9:05"; past its time "−0:30", because late is late. */
export function formatCountdown(s: number): string {
  if (!Number.isFinite(s)) return UNKNOWN;
  const whole = Math.round(Math.abs(s));
  const sign = s < 0 && whole > 0 ? "\u2212" : "";
  const h = Math.floor(whole / 3600);
  const m = Math.floor((whole % 3600) / 60);
  return h > 0
    ? `${sign}${h}:${two(m)}:${two(whole % 60)}`
    : `${sign}${m}:${two(whole % 60)}`;
}
