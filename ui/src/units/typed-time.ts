/** A time that a clerk types, in local time: understood, echoed in Zulu, and never in the future. */

import { asUtcMs, momentsOf, NS_PER_MS, type WallTime, wallTime } from "./times";

/** A report may lie this far ahead of the clock: the server allows as much. */
export const AHEAD_S = 60;
/** A time that is ahead is taken as yesterday's when that was at most this long ago. */
export const YESTERDAY_WITHIN_S = 12 * 3600;
const DAY_MS = 86_400_000;

export type TypedTime =
  | {
      readonly kind: "time";
      readonly ns: number;
      /** It was yesterday by the clock on the wall, and the page has to say so. */
      readonly yesterday: boolean;
      /** Clocks showed this twice that night; the later one that is not ahead was taken. */
      readonly twice: boolean;
    }
  | { readonly kind: "now" }
  | { readonly kind: "unreadable" }
  /** It has not come yet, and yesterday is too long ago to be guessed. */
  | { readonly kind: "future"; readonly ns: number }
  /** Clocks were put forward over this time: nobody's watch showed it. */
  | { readonly kind: "skipped" };

const CLOCK = /^(\d{1,2})[:.\s]?(\d{2})(?:[:.\s]?(\d{2}))?$/;

/** Hour, minute and second of "4:56", "0456", "04.56", "04:56:10"; null if it is none. */
export function parseClock(
  typed: string,
): { hour: number; minute: number; second: number } | null {
  const match = CLOCK.exec(typed.trim());
  if (match === null) return null;
  const hour = Number(match[1]);
  const minute = Number(match[2]);
  const second = Number(match[3] ?? 0);
  return hour < 24 && minute < 60 && second < 60 ? { hour, minute, second } : null;
}

/**
 * What a typed local time means at `nowNs`. `day` settles the day where the clerk said it.
 *
 * Without a word, a time that has not come yet is yesterday's if that was within twelve hours
 * (23:50 typed at 00:20); else it is refused, because it is more likely a slip.
 */
export function readTypedTime(
  typed: string,
  nowNs: number,
  zone: string,
  day: "auto" | "today" | "yesterday" = "auto",
): TypedTime {
  if (typed.trim() === "") return { kind: "now" };
  const clock = parseClock(typed);
  if (clock === null) return { kind: "unreadable" };
  const nowMs = Math.floor(nowNs / NS_PER_MS);
  const today = wallTime(nowMs, zone);
  if (day !== "yesterday") {
    const found = onDay(today, clock, 0, nowMs, zone);
    if (found.kind !== "future" || day === "today") return found;
    const before = onDay(today, clock, -1, nowMs, zone);
    const near = before.kind === "time" && nowNs - before.ns <= YESTERDAY_WITHIN_S * 1e9;
    return near ? before : found;
  }
  return onDay(today, clock, -1, nowMs, zone);
}

function onDay(
  today: WallTime,
  clock: { hour: number; minute: number; second: number },
  days: number,
  nowMs: number,
  zone: string,
): TypedTime {
  const date = new Date(asUtcMs({ ...today, hour: 12, minute: 0, second: 0 }) + days * DAY_MS);
  const wall = {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    ...clock,
  };
  const moments = momentsOf(wall, zone);
  if (moments.length === 0) return { kind: "skipped" };
  const past = moments.filter((ms) => ms <= nowMs + AHEAD_S * 1000);
  const ms = past.at(-1);
  if (ms === undefined) return { kind: "future", ns: (moments[0] ?? 0) * NS_PER_MS };
  return {
    kind: "time",
    ns: ms * NS_PER_MS,
    yesterday: days < 0,
    twice: moments.length > 1,
  };
}
