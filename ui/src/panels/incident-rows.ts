/** Incidents in order, their deadlines, and the lines of one as known at a time. */

import type { Incident, IncidentEntry, Level } from "../model/nouns";

const LEVEL_RANK: Readonly<Record<Level, number>> = { warning: 0, caution: 1, advisory: 2 };

/** Known so much later than it happened is worth saying: "heard 04:56, received 06:50". */
export const LATE_NS = 60e9;

/** Open ones first, the gravest first, then those without an owner, then the newest. */
export function incidentRows(incidents: Iterable<Incident>): Incident[] {
  return [...incidents].sort(
    (a, b) =>
      Number(a.state === "closed") - Number(b.state === "closed") ||
      LEVEL_RANK[a.level] - LEVEL_RANK[b.level] ||
      Number(isOwned(a)) - Number(isOwned(b)) ||
      b.opened_ns - a.opened_ns,
  );
}

export function isOwned(incident: Pick<Incident, "owner">): boolean {
  return (incident.owner ?? "") !== "";
}

export type Deadline =
  | { readonly kind: "none" }
  | { readonly kind: "ahead"; readonly s: number }
  | { readonly kind: "soon"; readonly s: number }
  | { readonly kind: "overdue"; readonly s: number };

const SOON_S = 120;

/** How the next decision stands at `nowNs`. No time set is a state of its own, and not a good one. */
export function deadlineOf(nextNs: number | null | undefined, nowNs: number): Deadline {
  if (nextNs === null || nextNs === undefined || nextNs <= 0) return { kind: "none" };
  const s = (nextNs - nowNs) / 1e9;
  if (s < 0) return { kind: "overdue", s };
  return s <= SOON_S ? { kind: "soon", s } : { kind: "ahead", s };
}

/** The lines that were known at `untilNs`, newest first by when they became known. */
export function timelineOf(entries: readonly IncidentEntry[], untilNs: number): IncidentEntry[] {
  return entries
    .filter((entry) => entry.received_ns <= untilNs)
    .sort((a, b) => b.received_ns - a.received_ns || b.number - a.number);
}

/** How much later it became known; null when that was as good as at once. */
export function lateS(entry: IncidentEntry): number | null {
  const late = entry.received_ns - entry.time_ns;
  return late > LATE_NS ? late / 1e9 : null;
}
