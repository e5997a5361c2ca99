import { expect, it } from "vitest";
import type { ReportView } from "../model/nouns";
import { reportMarks } from "./reportmarks";

const view = (id: string, heard: number, received: number, first = true): [string, ReportView] => [
  id,
  {
    report_id: id,
    heard_ns: heard,
    received_ns: received,
    lat_deg: 54.7,
    lon_deg: 25.3,
    radius_m: 2_000,
    first_hand: first,
    course_deg: null,
    sensor_id: "desk",
  },
];

it("orders reports by the time they were heard, not received", () => {
  const marks = reportMarks(new Map([view("early", 9, 10), view("told late", 5, 90)]), false);
  expect(marks.map((mark) => mark.id)).toEqual(["told late", "early"]);
});

it("keeps whether a report is first-hand", () => {
  expect(reportMarks(new Map([view("relayed", 1, 2, false)]), false)[0]?.firstHand).toBe(false);
});

it("shows none while the past is shown", () => {
  expect(reportMarks(new Map([view("now", 1, 2)]), true)).toEqual([]);
});
