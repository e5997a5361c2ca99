/** Reports of people as marks on the map, the one heard last on top. */

import type { ReportView } from "../model/nouns";
import type { ReportMark } from "./scene";

/** Marks by the time of hearing, whenever they came in; none while the past is shown, which has none. */
export function reportMarks(
  reports: ReadonlyMap<string, ReportView>,
  past: boolean,
): readonly ReportMark[] {
  if (past) return [];
  return [...reports.values()]
    .sort((a, b) => a.heard_ns - b.heard_ns || (a.report_id < b.report_id ? -1 : 1))
    .map((one) => ({
      id: one.report_id,
      lat: one.lat_deg,
      lon: one.lon_deg,
      radiusM: one.radius_m,
      firstHand: one.first_hand,
      heardNs: one.heard_ns,
    }));
}
