import { describe, expect, test } from "vitest";
import { type Known, type Level, newlyRaised, waitingWarnings } from "./due";
import { lengthS, PATTERNS, REPEAT_S } from "./patterns";

const known = (alarms: Record<string, [Level, string]>): Known =>
  new Map(Object.entries(alarms).map(([id, [level, state]]) => [id, { level, state }]));

describe("what rings", () => {
  test("an alarm rings when it is raised, and only once", () => {
    const now = known({ a: ["caution", "raised"] });
    expect(newlyRaised(new Map(), now)).toBe("caution");
    expect(newlyRaised(now, now)).toBeNull();
  });

  test("it rings again when its level rises or it is raised again", () => {
    const caution = known({ a: ["caution", "raised"] });
    expect(newlyRaised(caution, known({ a: ["warning", "raised"] }))).toBe("warning");
    expect(newlyRaised(known({ a: ["caution", "acknowledged"] }), caution)).toBe("caution");
  });

  test("of several the gravest rings", () => {
    const now = known({ a: ["advisory", "raised"], b: ["warning", "raised"], c: ["caution", "raised"] });
    expect(newlyRaised(new Map(), now)).toBe("warning");
  });

  test("acknowledging, shelving and clearing ring nothing", () => {
    const before = known({ a: ["warning", "raised"] });
    for (const state of ["acknowledged", "shelved", "cleared"]) {
      expect(newlyRaised(before, known({ a: ["warning", state] }))).toBeNull();
    }
  });

  test("on opening the page only warnings that wait ring", () => {
    expect(newlyRaised(null, known({ a: ["caution", "raised"], b: ["warning", "acknowledged"] }))).toBeNull();
    expect(newlyRaised(null, known({ a: ["warning", "raised"] }))).toBe("warning");
  });

  test("a warning waits until it is acknowledged", () => {
    expect(waitingWarnings(known({ a: ["warning", "raised"], b: ["warning", "acknowledged"], c: ["caution", "raised"] }))).toBe(1);
  });
});

describe("patterns", () => {
  test("differ in pitch, number and length, so that ears can tell them apart", () => {
    const shapes = Object.values(PATTERNS).map((tones) => tones.map((tone) => tone.hz).join());
    expect(new Set(shapes).size).toBe(shapes.length);
    expect(PATTERNS.warning.length).toBeGreaterThan(PATTERNS.caution.length);
    expect(PATTERNS.caution.length).toBeGreaterThan(PATTERNS.advisory.length);
  });

  test("are over before a warning sounds again", () => {
    for (const name of ["warning", "caution", "advisory", "link"] as const) expect(lengthS(name)).toBeLessThan(REPEAT_S);
  });
});
