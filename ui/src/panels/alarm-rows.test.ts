import { describe, expect, test } from "vitest";
import type { Alarm } from "../model/nouns";
import { alarmRate, rateWord } from "./alarm-rate";
import {
  byGravity,
  clearedRows,
  countOpen,
  firstToAcknowledge,
  FOLD_FROM,
  lastRaisedNs,
  openRows,
} from "./alarm-rows";

const MIN = 60e9;
let next = 0;
function alarm(change: Partial<Alarm> = {}): Alarm {
  next += 1;
  return {
    alarm_id: `a${next}`,
    revision: 1,
    level: "caution",
    state: "raised",
    cause: "Approach",
    time_ns: 100 * MIN,
    raised_ns: 100 * MIN,
    title: "Approach: Lithuania",
    text: "",
    probability: 0.8,
    ...change,
  };
}
const many = (n: number, change: Partial<Alarm> = {}): Alarm[] => Array.from({ length: n }, () => alarm(change));

describe("the order of alarms", () => {
  test("is by level, then by what waits for a person, then the newest", () => {
    const old = alarm({ raised_ns: 1 * MIN });
    const fresh = alarm({ raised_ns: 2 * MIN });
    const seen = alarm({ state: "acknowledged", raised_ns: 3 * MIN });
    const warning = alarm({ level: "warning", state: "acknowledged", raised_ns: 0 });
    expect([seen, old, warning, fresh].sort(byGravity)).toEqual([warning, fresh, old, seen]);
  });

  test("puts what is shelved last, and what is cleared elsewhere", () => {
    const shelved = alarm({ level: "warning", state: "shelved" });
    const advisory = alarm({ level: "advisory" });
    const cleared = alarm({ state: "cleared" });
    expect(openRows([shelved, cleared, advisory]).map((row) => row.head)).toEqual([advisory, shelved]);
    expect(clearedRows([shelved, cleared, advisory])).toEqual([cleared]);
  });
});

describe("folding", () => {
  test("a raid is one row that holds its parts, however few", () => {
    const raid = alarm({ cause: "Raid", level: "warning", alarm_id: "raid" });
    const parts = many(2, { raid_id: "raid" });
    const rows = openRows([...parts, raid]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ kind: "raid", head: raid });
    expect(rows[0]?.parts).toHaveLength(2);
  });

  test("parts of a raid that is over stand alone", () => {
    const rows = openRows([alarm({ cause: "Raid", state: "cleared", alarm_id: "over" }), ...many(2, { raid_id: "over" })]);
    expect(rows.map((row) => row.kind)).toEqual(["one", "one"]);
  });

  test("five alike within ten minutes are one row, four are not", () => {
    expect(openRows(many(FOLD_FROM)).map((row) => [row.kind, row.parts.length])).toEqual([["fold", FOLD_FROM]]);
    expect(openRows(many(FOLD_FROM - 1)).every((row) => row.kind === "one")).toBe(true);
  });

  test("another cause, another level and an earlier burst stay apart", () => {
    const rows = openRows([
      ...many(5),
      ...many(2, { cause: "Loss" }),
      ...many(2, { level: "advisory" }),
      ...many(3, { raised_ns: 80 * MIN }),
    ]);
    expect(rows.filter((row) => row.kind === "fold")).toHaveLength(1);
    expect(rows.filter((row) => row.kind === "one")).toHaveLength(7);
  });

  test("a fold keeps its name when another alarm joins, so that it stays open", () => {
    const first = many(5);
    const before = openRows(first)[0]?.id;
    expect(openRows([...first, alarm({ raised_ns: 105 * MIN })])[0]?.id).toBe(before);
  });

  test("no alarm is lost by folding", () => {
    const all = [...many(9), ...many(3, { level: "warning" }), ...many(6, { cause: "Loss", state: "acknowledged" })];
    const shown = openRows(all).flatMap((row) => (row.kind === "fold" ? row.parts : [row.head, ...row.parts]));
    expect(new Set(shown.map((one) => one.alarm_id))).toEqual(new Set(all.map((one) => one.alarm_id)));
    expect(shown).toHaveLength(all.length);
  });
});

describe("counting", () => {
  test("is of open alarms that nobody put aside", () => {
    const all = [alarm(), alarm({ state: "acknowledged" }), alarm({ state: "shelved" }), alarm({ state: "cleared" }), alarm({ level: "warning" })];
    expect(countOpen(all)).toEqual({ warning: 1, caution: 2, advisory: 0, waiting: 2 });
  });

  test("the first to acknowledge is the gravest that waits", () => {
    const seen = alarm({ level: "warning", state: "acknowledged" });
    const waits = alarm();
    expect(firstToAcknowledge([alarm({ level: "advisory" }), seen, waits])).toBe(waits);
    expect(firstToAcknowledge([seen])).toBeNull();
  });

  test("the last that was raised counts also when it is cleared", () => {
    expect(lastRaisedNs([alarm({ raised_ns: 5 * MIN, state: "cleared" }), alarm({ raised_ns: 3 * MIN })])).toBe(5 * MIN);
    expect(lastRaisedNs([])).toBeNull();
  });
});

describe("the rate against EEMUA 191", () => {
  test("has the words of the guide", () => {
    expect([0.9, 1, 2, 2.1, 10, 10.1].map(rateWord)).toEqual([
      "acceptable",
      "manageable",
      "manageable",
      "demanding",
      "demanding",
      "too_many",
    ]);
  });

  test("counts ten minutes, and the mean of an hour", () => {
    const all = [...many(3, { raised_ns: 95 * MIN }), ...many(3, { raised_ns: 60 * MIN }), ...many(9, { raised_ns: 20 * MIN })];
    expect(alarmRate(all, 100 * MIN, 1)).toEqual({ lastTen: 3, steady: 1, word: "manageable", overNs: 60 * MIN });
  });

  test("a burst of more than ten is too many, whatever the mean is", () => {
    expect(alarmRate(many(11, { raised_ns: 99 * MIN }), 100 * MIN, 1).word).toBe("too_many");
  });

  test("soon after the start the mean is taken over what there was, at least ten minutes", () => {
    const all = many(4, { raised_ns: 95 * MIN });
    expect(alarmRate(all, 100 * MIN, 80 * MIN)).toMatchObject({ steady: 2, overNs: 20 * MIN });
    expect(alarmRate(all, 100 * MIN, 99 * MIN)).toMatchObject({ steady: 4, overNs: 10 * MIN });
  });

  test("alarms of the future, as a replay holds them, do not count", () => {
    expect(alarmRate([alarm({ raised_ns: 200 * MIN })], 100 * MIN, 1).lastTen).toBe(0);
  });
});
