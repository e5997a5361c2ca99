import { describe, expect, test } from "vitest";
import {
  formatAge,
  formatCountdown,
  formatDay,
  formatDuration,
  formatLocal,
  formatOffset,
  formatZulu,
  isZone,
  momentsOf,
} from "./times";
import { parseClock, readTypedTime } from "./typed-time";

const VILNIUS = "Europe/Vilnius";
const ns = (iso: string): number => Date.parse(iso) * 1e6;
const NIGHT = ns("2025-07-28T01:56:10Z");

describe("clocks", () => {
  test("the same moment in Zulu and on the wall in Vilnius, in summer and in winter", () => {
    expect(formatZulu(NIGHT)).toBe("01:56:10Z");
    expect(formatLocal(NIGHT, VILNIUS)).toBe("04:56:10");
    expect(formatLocal(ns("2025-12-28T01:56:10Z"), VILNIUS, false)).toBe("03:56");
    expect(formatOffset(NIGHT, VILNIUS)).toBe("UTC+3");
    expect(formatOffset(ns("2025-12-28T01:56:10Z"), VILNIUS)).toBe("UTC+2");
    expect(formatOffset(NIGHT, "Asia/Kolkata")).toBe("UTC+5:30");
    expect(formatOffset(NIGHT, "America/New_York")).toBe("UTC\u22124");
  });

  test("midnight is 00, and the day is that of the zone", () => {
    expect(formatLocal(ns("2025-07-27T21:00:00Z"), VILNIUS)).toBe("00:00:00");
    expect(formatDay(ns("2025-07-27T21:00:00Z"), VILNIUS)).toBe("2025-07-28");
    expect(formatDay(ns("2025-07-27T21:00:00Z"), "UTC")).toBe("2025-07-27");
  });

  test("no time yet is a dash", () => {
    for (const none of [0, -1, Number.NaN]) {
      expect(formatZulu(none)).toBe("—");
      expect(formatLocal(none, VILNIUS)).toBe("—");
      expect(formatDay(none, VILNIUS)).toBe("—");
      expect(formatAge(none, NIGHT)).toBe("—");
    }
    expect(formatAge(null, NIGHT)).toBe("—");
  });

  test("a zone is one that the browser knows", () => {
    expect(isZone(VILNIUS)).toBe(true);
    expect(isZone("Europe/Nowhere")).toBe(false);
    expect(isZone("")).toBe(false);
  });
});

describe("durations", () => {
  test("have the two units that people say", () => {
    const said = [[0, "0 s"], [119.9, "119 s"], [120, "2 min"], [3_599, "59 min"], [3_900, "1 h 05 min"], [183_600, "2 d 3 h"]] as const;
    for (const [s, text] of said) expect(formatDuration(s).replaceAll("\u00a0", " ")).toBe(text);
    expect(formatDuration(-5).replaceAll("\u00a0", " ")).toBe("0 s");
    expect(formatDuration(Number.NaN)).toBe("—");
  });

  test("a countdown goes on past its time with a minus sign", () => {
    expect(formatCountdown(545)).toBe("9:05");
    expect(formatCountdown(3_661)).toBe("1:01:01");
    expect(formatCountdown(-30)).toBe("\u22120:30");
    expect(formatCountdown(-0.2)).toBe("0:00");
    expect(formatCountdown(Number.NaN)).toBe("—");
  });
});

describe("moments of a wall clock", () => {
  const wall = (hour: number, minute: number, day: number, month: number) => ({ year: 2025, month, day, hour, minute, second: 0 });
  test("there is one on most days", () => {
    expect(momentsOf(wall(4, 56, 28, 7), VILNIUS)).toEqual([Date.parse("2025-07-28T01:56:00Z")]);
  });
  test("there are two in the hour that comes twice, and none in the one left out", () => {
    expect(momentsOf(wall(3, 30, 26, 10), VILNIUS)).toEqual([
      Date.parse("2025-10-26T00:30:00Z"),
      Date.parse("2025-10-26T01:30:00Z"),
    ]);
    expect(momentsOf(wall(3, 30, 30, 3), VILNIUS)).toEqual([]);
  });
});

describe("typed times", () => {
  test("are read as people write them", () => {
    for (const typed of ["4:56", "04:56", "0456", "04.56", " 4 56 ", "456"]) {
      expect(parseClock(typed)).toEqual({ hour: 4, minute: 56, second: 0 });
    }
    expect(parseClock("04:56:10")).toEqual({ hour: 4, minute: 56, second: 10 });
    for (const none of ["24:00", "4:60", "four", "4", "04:56:60", "12345678", "-4:56"]) expect(parseClock(none)).toBeNull();
  });

  test("nothing typed means now", () => {
    expect(readTypedTime("  ", NIGHT, VILNIUS)).toEqual({ kind: "now" });
  });

  test("are local and become Zulu", () => {
    const read = readTypedTime("04:40", NIGHT, VILNIUS);
    expect(read).toEqual({ kind: "time", ns: ns("2025-07-28T01:40:00Z"), yesterday: false, twice: false });
  });

  test("a minute ahead is a watch that is fast; more is refused", () => {
    expect(readTypedTime("04:57", NIGHT, VILNIUS).kind).toBe("time");
    expect(readTypedTime("04:58", NIGHT, VILNIUS)).toEqual({ kind: "future", ns: ns("2025-07-28T01:58:00Z") });
    expect(readTypedTime("05:10", NIGHT, VILNIUS).kind).toBe("future");
  });

  test("after midnight an evening time is yesterday's, and says so", () => {
    const past = ns("2025-07-27T21:20:00Z"); // 00:20 in Vilnius
    expect(readTypedTime("23:50", past, VILNIUS)).toEqual({
      kind: "time",
      ns: ns("2025-07-27T20:50:00Z"),
      yesterday: true,
      twice: false,
    });
    expect(readTypedTime("23:50", past, VILNIUS, "today").kind).toBe("future");
  });

  test("yesterday can be said in so many words, also when it is long ago", () => {
    expect(readTypedTime("05:10", NIGHT, VILNIUS, "yesterday")).toMatchObject({
      kind: "time",
      ns: ns("2025-07-27T02:10:00Z"),
      yesterday: true,
    });
  });

  test("in the hour that comes twice the later one that is not ahead is taken", () => {
    expect(readTypedTime("03:30", ns("2025-10-26T02:00:00Z"), VILNIUS)).toMatchObject({
      ns: ns("2025-10-26T01:30:00Z"),
      twice: true,
    });
    expect(readTypedTime("03:30", ns("2025-10-26T00:45:00Z"), VILNIUS)).toMatchObject({
      ns: ns("2025-10-26T00:30:00Z"),
      twice: true,
    });
  });

  test("a time that clocks jumped over never was", () => {
    expect(readTypedTime("03:30", ns("2025-03-30T05:00:00Z"), VILNIUS).kind).toBe("skipped");
  });

  test("what is no time is said to be none", () => {
    expect(readTypedTime("soon", NIGHT, VILNIUS).kind).toBe("unreadable");
  });
});
