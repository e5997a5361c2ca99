/** What the wall shows first: objects by gravity and owner, places by when and how surely. */

import type { LinkView, ObjectView, PlaceAhead } from "../model/nouns";
import { percentsOf } from "../units/numbers";

const LEVEL_RANK = { warning: 0, caution: 1, advisory: 2 } as const;

/** The gravest first; among equals those that nobody owns, then those decided soonest. */
export function objectRows(objects: Iterable<ObjectView>): ObjectView[] {
  return [...objects].sort(
    (a, b) =>
      LEVEL_RANK[a.level] - LEVEL_RANK[b.level] ||
      Number(a.owner !== "") - Number(b.owner !== "") ||
      (a.next_decision_ns ?? 0) - (b.next_decision_ns ?? 0) ||
      b.last_evidence_ns - a.last_evidence_ns,
  );
}

/** Sooner first; among those of the same minute the surer, then the larger place. */
export function placeRows(places: readonly PlaceAhead[]): PlaceAhead[] {
  return [...places].sort(
    (a, b) =>
      Math.floor(a.minutes) - Math.floor(b.minutes) ||
      b.probability - a.probability ||
      b.population - a.population,
  );
}

export interface FatePart {
  readonly fate: "airborne" | "left" | "down" | "never_real";
  /** Whole percent; the four sum to 100. */
  readonly percent: number;
  /** Where its part of the bar begins, in percent. */
  readonly from: number;
}

/** The four fates of an object as parts of one bar. */
export function fatesOf(object: ObjectView): FatePart[] {
  const names = ["airborne", "left", "down", "never_real"] as const;
  const percents = percentsOf([object.p_airborne, object.p_left, object.p_down, object.p_never_real]);
  let from = 0;
  return names.map((fate, i) => {
    const percent = percents[i] ?? 0;
    const part = { fate, percent, from };
    from += percent;
    return part;
  });
}

/** Of the links that ever spoke, the one that has said nothing for longest. */
export function quietest(links: readonly LinkView[]): LinkView | null {
  let worst: LinkView | null = null;
  for (const one of links) {
    if (one.last_message_age_s === null) continue;
    if (worst === null || one.last_message_age_s > (worst.last_message_age_s ?? 0)) worst = one;
  }
  return worst;
}

/** Names of links that have not said anything yet: a desk that nobody used, or a dead line. */
export function neverHeard(links: readonly LinkView[]): string[] {
  return links.filter((one) => one.last_message_age_s === null).map((one) => one.source);
}
