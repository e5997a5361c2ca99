/** Reports of people as rows: the one heard last first; how late each was told. */

import type { ReportView } from "../model/nouns";

const LATE_NS = 120e9; // told later than this after it was heard: that is worth a word

/** By the time of hearing, whenever they came in, the newest first. */
export function reportRows(reports: Iterable<ReportView>): ReportView[] {
  return [...reports].sort(
    (a, b) => b.heard_ns - a.heard_ns || (a.report_id < b.report_id ? -1 : 1),
  );
}

/** Seconds between hearing and receipt where that is worth a word; null else. */
export function toldLateS({ heard_ns, received_ns }: ReportView): number | null {
  const lateNs = received_ns - heard_ns;
  return lateNs > LATE_NS ? lateNs / 1e9 : null;
}
