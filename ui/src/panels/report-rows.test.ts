import { expect, it } from "vitest";
import type { ReportView } from "../model/nouns";
import { reportRows, toldLateS } from "./report-rows";

const report = (id: string, heardS: number, receivedS: number): ReportView => ({
  report_id: id,
  heard_ns: heardS * 1e9,
  received_ns: receivedS * 1e9,
  lat_deg: 54.7,
  lon_deg: 25.3,
  radius_m: 2_000,
  first_hand: true,
  course_deg: null,
  sensor_id: "desk",
});

it("stand in the order in which they were heard, whenever they came in", () => {
  const rows = reportRows([report("told late", 100, 9_000), report("fresh", 500, 510), report("old", 50, 60)]);
  expect(rows.map((one) => one.report_id)).toEqual(["fresh", "told late", "old"]);
});

it("one that was told long after it was heard says so", () => {
  expect(toldLateS(report("late", 0, 6_840))).toBe(6_840);
  expect(toldLateS(report("at once", 0, 90))).toBeNull();
});
