/** Which words and times each action needs, and whether what was given will do. */

import type { Action, ActionFields, Outcome } from "../model/nouns";
import { NS_PER_MIN } from "../units/times";

export const NEEDS_COMMENT: ReadonlySet<Action> = new Set<Action>([
  "shelve",
  "clear",
  "escalate",
  "note",
  "close",
  "decide",
  "declare",
]);
export const NEEDS_UNTIL: ReadonlySet<Action> = new Set<Action>(["shelve", "decide"]);
export const HAS_COMMENT: ReadonlySet<Action> = new Set<Action>([...NEEDS_COMMENT, "acknowledge", "own"]);

/** How long an alarm may be put aside; the server shortens what its rules do not allow. */
export const SHELVE_MINUTES = [15, 30, 60, 120] as const;
export const DECIDE_MINUTES = [5, 15, 30, 60, 180] as const;
export const OUTCOMES: readonly Outcome[] = ["down", "left", "never_real", "lost"];

export interface Given {
  readonly comment: string;
  readonly minutes: number;
  readonly outcome: Outcome | null;
}

/** The words for what is needed and missing; null when nothing is. */
export function lackOf(action: Action, given: Given): "why_not.comment" | "why_not.outcome" | null {
  if (action === "declare" && given.outcome === null) return "why_not.outcome";
  return NEEDS_COMMENT.has(action) && given.comment.trim() === "" ? "why_not.comment" : null;
}

/** The fields as the server takes them; null while something that is needed is missing. */
export function fieldsOf(action: Action, given: Given, nowNs: number): ActionFields | null {
  const comment = given.comment.trim();
  if (lackOf(action, given) !== null) return null;
  const fields: ActionFields = {};
  if (comment !== "") fields.comment = comment;
  if (NEEDS_UNTIL.has(action)) {
    if (!(given.minutes > 0)) return null;
    fields.until_ns = Math.round(nowNs + given.minutes * NS_PER_MIN);
  }
  if (action === "declare" && given.outcome !== null) fields.outcome = given.outcome;
  return fields;
}
