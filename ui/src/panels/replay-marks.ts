/** The events before and after a moment of the past. */

import type { Mark } from "../model/nouns";

const AT_ONCE_NS = 1e9; // where one stands does not count as the next

export function markBefore(marks: readonly Mark[], atNs: number): Mark | null {
  return marks.reduce<Mark | null>(
    (found, mark) =>
      mark.time_ns < atNs - AT_ONCE_NS && (found === null || mark.time_ns > found.time_ns) ? mark : found,
    null,
  );
}

export function markAfter(marks: readonly Mark[], atNs: number): Mark | null {
  return marks.reduce<Mark | null>(
    (found, mark) =>
      mark.time_ns > atNs + AT_ONCE_NS && (found === null || mark.time_ns < found.time_ns) ? mark : found,
    null,
  );
}
