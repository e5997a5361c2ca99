import { describe, expect, test } from "vitest";
import type { HistoryPoint, Incident, IncidentEntry, LinkView, ObjectView, PlaceAhead, SensorView } from "../model/nouns";
import { fieldsOf } from "./action-fields";
import { sparkOf } from "./history-spark";
import { deadlineOf, incidentRows, lateS, timelineOf } from "./incident-rows";
import { modeOf } from "./mode";
import { passwordTrouble } from "./new-password";
import { bytesOf, passkeyTrouble, textOf } from "./passkeys";
import { cellOf } from "./place-name";
import { markAfter, markBefore } from "./replay-marks";
import { isoOf, missingOf, noteOf, payloadOf, type ReportFields } from "./report-payload";
import { countSensors, isBlind, sensorRows, sensorWord } from "./sensor-rows";
import { fatesOf, neverHeard, objectRows, placeRows, quietest } from "./wall-rows";

const NOW = 1_753_667_770e9; // 2025-07-28T01:56:10Z

describe("sensors", () => {
  const sensor = (id: string, change: Partial<SensorView> = {}): SensorView => ({
    sensor_id: id,
    kind: "acoustic",
    lat_deg: 54.7,
    lon_deg: 25.3,
    max_range_m: 6_000,
    state: "speaking",
    last_heard_ns: NOW,
    last_detected_ns: null,
    heartbeat_s: 90,
    silence_counts: true,
    lost_messages: 0,
    rejects: 0,
    clock_error_s: null,
    source: "line",
    link_state: "up",
    text: "",
    ...change,
  });

  test("come worst first, and in the order in which people count", () => {
    const rows = sensorRows([
      sensor("A10"),
      sensor("A9"),
      sensor("A2", { lost_messages: 3 }),
      sensor("D", { state: "degraded" }),
      sensor("N", { state: "never_heard", last_heard_ns: null }),
      sensor("S", { state: "silent" }),
      sensor("G", { state: "gone" }),
    ]);
    expect(rows.map((one) => one.sensor_id)).toEqual(["G", "S", "N", "D", "A2", "A9", "A10"]);
  });

  test("a desk that nobody calls is quiet and not silent", () => {
    const desk = sensor("desk", { kind: "person", state: "never_heard", silence_counts: false });
    expect(sensorWord(desk)).toBe("quiet");
    expect(isBlind(desk)).toBe(false);
    expect(countSensors([desk, sensor("S", { state: "silent" })])).toEqual({ all: 2, watched: 1, blind: 1, degraded: 0 });
  });

  test("one that is gone sees for nobody, even where silence is no fault", () => {
    expect(isBlind(sensor("x", { state: "gone", silence_counts: false }))).toBe(true);
  });
});

describe("incidents", () => {
  const incident = (id: string, change: Partial<Incident> = {}): Incident => ({
    incident_id: id,
    revision: 1,
    level: "warning",
    state: "open",
    opened_ns: NOW,
    time_ns: NOW,
    title: "",
    joinable_until_ns: NOW,
    ...change,
  });

  test("open ones come first, the gravest first, and among equals those that nobody owns", () => {
    const rows = incidentRows([
      incident("closed", { state: "closed" }),
      incident("caution", { level: "caution" }),
      incident("owned", { owner: "desk" }),
      incident("nobody"),
    ]);
    expect(rows.map((one) => one.incident_id)).toEqual(["nobody", "owned", "caution", "closed"]);
  });

  test("a decision without a time is a state of its own", () => {
    expect(deadlineOf(null, NOW).kind).toBe("none");
    expect(deadlineOf(NOW + 600e9, NOW)).toEqual({ kind: "ahead", s: 600 });
    expect(deadlineOf(NOW + 60e9, NOW).kind).toBe("soon");
    expect(deadlineOf(NOW - 1e9, NOW).kind).toBe("overdue");
  });

  test("lines are ordered by when they became known, and the past knows nothing of later ones", () => {
    const line = (number: number, time_ns: number, received_ns: number): IncidentEntry => ({
      incident_id: "i",
      number,
      time_ns,
      received_ns,
      what: "report",
      text: "",
    });
    const lines = [line(1, 10e9, 10e9), line(2, 5e9, 7_000e9), line(3, 60e9, 60e9)];
    expect(timelineOf(lines, Number.POSITIVE_INFINITY).map((one) => one.number)).toEqual([2, 3, 1]);
    expect(timelineOf(lines, 100e9).map((one) => one.number)).toEqual([3, 1]);
    expect(lines.map(lateS)).toEqual([null, 6995, null]);
  });
});

describe("acts", () => {
  const given = { comment: "", minutes: 30, outcome: null };
  test("acknowledging needs no words, and says none that were not given", () => {
    expect(fieldsOf("acknowledge", given, NOW)).toEqual({});
    expect(fieldsOf("acknowledge", { ...given, comment: " seen " }, NOW)).toEqual({ comment: "seen" });
  });

  test("shelving needs a reason and ends by itself", () => {
    expect(fieldsOf("shelve", given, NOW)).toBeNull();
    expect(fieldsOf("shelve", { ...given, comment: "test flight" }, NOW)).toEqual({
      comment: "test flight",
      until_ns: NOW + 1_800e9,
    });
  });

  test("clearing, escalating, closing and noting need a reason that is not only blanks", () => {
    for (const action of ["clear", "escalate", "close", "note", "decide"] as const) {
      expect(fieldsOf(action, { ...given, comment: "  " }, NOW)).toBeNull();
    }
  });

  test("declaring needs an outcome besides", () => {
    expect(fieldsOf("declare", { ...given, comment: "found" }, NOW)).toBeNull();
    expect(fieldsOf("declare", { ...given, comment: "found", outcome: "down" }, NOW)).toEqual({ comment: "found", outcome: "down" });
  });
});

describe("reports", () => {
  const fields: ReportFields = {
    latDeg: 54.687234567,
    lonDeg: 25.279712345,
    sigmaM: 1_000,
    time: { kind: "now" },
    sigmaTimeS: 120,
    firstHand: true,
    sense: "heard",
    course: null,
    text: "",
  };

  test("have the fields of the payload's schema and no others", () => {
    const full = payloadOf({ ...fields, course: "NW", text: "like a moped", time: { kind: "time", ns: NOW, yesterday: false, twice: false } });
    expect(full).toEqual({
      lat_deg: 54.68723,
      lon_deg: 25.27971,
      sigma_m: 1_000,
      sigma_time_s: 120,
      first_hand: true,
      course_deg: 315,
      sigma_course_deg: 45,
      text: "Heard: like a moped",
      time: "2025-07-28T01:56:10Z",
    });
  });

  test("without a typed time are of now on the engine's clock", () => {
    expect(payloadOf(fields)).not.toHaveProperty("time");
  });

  test("say what is missing, in the order of the form", () => {
    const empty = { ...fields, latDeg: null, firstHand: null, time: { kind: "future", ns: NOW } as const };
    expect(missingOf(empty)).toEqual(["place", "time", "first_hand"]);
    expect(payloadOf(empty)).toBeNull();
    expect(missingOf({ ...fields, text: "x".repeat(300) })).toEqual(["text"]);
  });

  test("keep how it was noticed in the words", () => {
    expect(noteOf({ sense: "seen", text: "" })).toBe("Seen.");
    expect(noteOf({ sense: null, text: " low " })).toBe("low");
    expect(noteOf({ sense: null, text: " " })).toBe("");
    expect(isoOf(NOW + 0.9e9)).toBe("2025-07-28T01:56:10Z");
  });
});

describe("the wall", () => {
  const object = (id: string, change: Partial<ObjectView> = {}): ObjectView => ({
    object_id: id,
    track_id: id,
    incident_id: null,
    alarm_ids: [],
    title: "",
    level: "caution",
    state: "lost",
    p_airborne: 0.335,
    p_left: 0.335,
    p_down: 0.33,
    p_never_real: 0,
    last_evidence_ns: NOW,
    lat_deg: 0,
    lon_deg: 0,
    radius_m: 1,
    owner: "",
    next_decision_ns: null,
    model: "simple-1",
    model_text: "",
    ...change,
  });

  test("the four parts of a bar fill it exactly", () => {
    const parts = fatesOf(object("a"));
    expect(parts.map((part) => part.percent).reduce((a, b) => a + b, 0)).toBe(100);
    parts.reduce((from, part) => {
      expect(part.from).toBe(from);
      return from + part.percent;
    }, 0);
  });

  test("the gravest object is first, and among equals one that nobody owns", () => {
    const rows = objectRows([object("owned", { owner: "desk" }), object("nobody"), object("warning", { level: "warning", owner: "desk" })]);
    expect(rows.map((one) => one.object_id)).toEqual(["warning", "nobody", "owned"]);
  });

  test("places come by when something may be there, then by how surely", () => {
    const place = (name: string, minutes: number, probability: number): PlaceAhead => ({
      name,
      state: "LTU",
      population: 1,
      lat_deg: 0,
      lon_deg: 0,
      probability,
      minutes_from: 0,
      minutes,
      minutes_to: 0,
      object_ids: [],
      model: "",
      model_text: "",
    });
    const rows = placeRows([place("later", 9, 0.9), place("unsure", 3.9, 0.1), place("sure", 3.1, 0.2)]);
    expect(rows.map((one) => one.name)).toEqual(["sure", "unsure", "later"]);
  });

  test("a link that nobody used yet is not the quietest one", () => {
    const link = (source: string, age: number | null): LinkView => ({ source, state: "up", last_message_age_s: age, messages: 0, rejects: 0, text: "" });
    const links = [link("new", null), link("a", 3), link("b", 90)];
    expect(quietest(links)?.source).toBe("b");
    expect(neverHeard(links)).toEqual(["new"]);
    expect(quietest([])).toBeNull();
  });
});

describe("what is shown of the past", () => {
  const point = (s: number, alt_m: number | null): HistoryPoint => ({ time_ns: s * 1e9, lat_deg: 0, lon_deg: 0, alt_m, sigma_m: 1 });
  test("a line of heights breaks where nothing was measured", () => {
    const spark = sparkOf([point(0, 100), point(10, 150), point(500, 300), point(510, 200)]);
    expect(spark.gaps).toBe(1);
    expect(spark.path.match(/M/g)).toHaveLength(2);
    expect(spark).toMatchObject({ lowM: 100, highM: 300 });
  });

  test("without any height there is no line, and one point is a dot", () => {
    expect(sparkOf([point(0, null), point(10, null)])).toMatchObject({ path: "", dots: [], lowM: null });
    expect(sparkOf([point(0, 100)]).dots).toHaveLength(1);
    expect(sparkOf([])).toMatchObject({ path: "", gaps: 0 });
  });

  test("what came after the shown moment is not known yet", () => {
    expect(sparkOf([point(0, 100), point(10, 900)], 5e9).highM).toBe(100);
  });

  test("the events before and after are not the one where one stands", () => {
    const marks = [10, 20, 30].map((s) => ({ time_ns: s * 1e9, level: "" as const, text: String(s) }));
    expect(markBefore(marks, 20e9)?.text).toBe("10");
    expect(markAfter(marks, 20e9)?.text).toBe("30");
    expect(markBefore(marks, 10e9)).toBeNull();
  });
});

describe("the mode", () => {
  test("is said by the system, and simulated tracks make a simulation of anything", () => {
    expect(modeOf({ mode: "live", name: "Watch" }, false)).toBe("live");
    expect(modeOf({ mode: "live", name: "Watch" }, true)).toBe("simulation");
    expect(modeOf({ mode: "simulation", name: "Watch" }, false)).toBe("simulation");
    expect(modeOf({ mode: "simulation", name: "Vilnius (reconstruction)" }, true)).toBe("reconstruction");
    expect(modeOf({ mode: "simulation", name: "Exercise Amber" }, true)).toBe("exercise");
    expect(modeOf(null, false)).toBe("live");
  });
});

describe("entering", () => {
  test("only the length of a password counts, in characters as people count them", () => {
    expect(passwordTrouble("ąčęėįšųūž-12", "ąčęėįšųūž-12", 12)).toBe("");
    expect(passwordTrouble("short", "short", 12)).toContain("7");
    expect(passwordTrouble("long enough here", "long enough hero", 12)).not.toBe("");
  });

  test("a passkey belongs to a host name", () => {
    const at = (hostname: string) => passkeyTrouble({ PublicKeyCredential: {}, location: { hostname } });
    expect(at("localhost")).toBeNull();
    expect(at("127.0.0.1")).toBe("number");
    expect(at("[::1]")).toBe("number");
    expect(passkeyTrouble({ location: { hostname: "localhost" } })).toBe("browser");
  });

  test("bytes travel as base64url and come back", () => {
    const bytes = Uint8Array.from([0, 251, 255, 254, 62, 63]);
    const text = textOf(bytes.buffer);
    expect(text).not.toMatch(/[+/=]/);
    expect(new Uint8Array(bytesOf(text))).toEqual(bytes);
  });
});

test("a name is asked for a kilometre and not for each metre", () => {
  expect(cellOf(54.6872, 25.2797)).toBe("54.69,25.28");
  expect(cellOf(54.6899, 25.2801)).toBe("54.69,25.28");
  expect(cellOf(-0.001, 0)).not.toContain("NaN");
});
