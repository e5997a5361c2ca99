/** How often this system calls on its operator, against EEMUA Publication 191. */

import type { Alarm } from "../model/nouns";

export const WINDOW_NS = 600e9; // ten minutes, as the guide counts
const STEADY_WINDOWS = 6; // an hour tells the steady state

/**
 * EEMUA 191, long-term average: below one in ten minutes is very likely to be acceptable, one in
 * five minutes manageable, one in two minutes over-demanding, more than one a minute too many.
 */
export type RateWord = "acceptable" | "manageable" | "demanding" | "too_many";

export interface AlarmRate {
  /** Alarms raised in the last ten minutes. */
  readonly lastTen: number;
  /** Mean of ten minutes over the last hour, or since the start when that is shorter. */
  readonly steady: number;
  /** The worse of the two. */
  readonly word: RateWord;
  /** Over how long the mean was taken; 0 when there is no time yet. */
  readonly overNs: number;
}

const ACCEPTABLE_BELOW = 1;
const MANAGEABLE_TO = 2;
const TOO_MANY_ABOVE = 10;

/** The word for a mean number of alarms in ten minutes. */
export function rateWord(perTen: number): RateWord {
  if (perTen < ACCEPTABLE_BELOW) return "acceptable";
  if (perTen <= MANAGEABLE_TO) return "manageable";
  return perTen <= TOO_MANY_ABOVE ? "demanding" : "too_many";
}

/** The rate at `nowNs`. Each alarm counts once, when it was first raised, folded or not. */
export function alarmRate(alarms: Iterable<Alarm>, nowNs: number, startedNs: number): AlarmRate {
  const since = startedNs > 0 && startedNs <= nowNs ? nowNs - startedNs : WINDOW_NS * STEADY_WINDOWS;
  const overNs = Math.min(WINDOW_NS * STEADY_WINDOWS, Math.max(WINDOW_NS, since));
  let lastTen = 0;
  let inAll = 0;
  for (const alarm of alarms) {
    const ago = nowNs - alarm.raised_ns;
    if (ago < 0) continue;
    if (ago <= WINDOW_NS) lastTen += 1;
    if (ago <= overNs) inAll += 1;
  }
  const steady = (inAll * WINDOW_NS) / overNs;
  const word = lastTen > TOO_MANY_ABOVE ? "too_many" : rateWord(steady);
  return { lastTen, steady, word, overNs };
}
