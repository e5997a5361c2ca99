import { describe, expect, test } from "vitest";
import { formatDecimal, formatDms, formatMgrs, formatPosition } from "./coordinates";
import { parsePosition } from "./typed-place";

const METRE_DEG = 1 / 111_000;
const PLACES: readonly (readonly [number, number])[] = [
  [54.6872, 25.2797],
  [-33.8688, 151.2093],
  [40.7128, -74.006],
  [-0.00001, 0.00001],
  [59.999999, 24.999999],
  [0, 179.99],
  [71.17, -179.99],
];

describe("formatting", () => {
  test("decimal degrees have a point and an ASCII minus, so that they can be pasted", () => {
    expect(formatDecimal(54.68719, 25.27968)).toBe("54.6872, 25.2797");
    expect(formatDecimal(-33.8688, -151.2093)).toBe("-33.8688, -151.2093");
    expect(formatDecimal(-0.00001, 0)).toBe("0.0000, 0.0000");
  });

  test("seconds carry into minutes and degrees", () => {
    expect(formatDms(59.99999, "NS")).toBe("60°00′00″N");
    expect(formatDms(54.6872, "NS")).toBe("54°41′14″N");
    expect(formatDms(-25.2797, "EW")).toBe("025°16′47″W");
    expect(formatDms(-0.00001, "EW")).toBe("000°00′00″E");
  });

  test("the date line and the poles are positions; what lies beyond is none", () => {
    expect(formatPosition(90, 180, "dms")).toBe("90°00′00″N 180°00′00″E");
    expect(formatPosition(-90, -180, "decimal")).toBe("-90.0000, -180.0000");
    for (const [lat, lon] of [[91, 0], [0, 181], [Number.NaN, 0], [0, Number.NaN]] as const) {
      for (const style of ["decimal", "dms", "mgrs"] as const) expect(formatPosition(lat, lon, style)).toBe("—");
    }
  });

  test("MGRS is spaced as it is read aloud, and absent near the poles", () => {
    expect(formatMgrs(54.6872, 25.2797)).toMatch(/^35U [A-Z]{2} \d{4} \d{4}$/);
    expect(formatMgrs(38.8977, -77.0365, 5)).toBe("18S UJ 23394 07395");
    expect(formatMgrs(85, 10)).toBeNull();
    expect(formatPosition(85, 10, "mgrs")).toBe("85.0000, 10.0000");
  });

  test("180° east is the same square as 180° west", () => {
    expect(formatMgrs(10, 180)).toBe(formatMgrs(10, -180));
    expect(formatMgrs(10, 180)).not.toBeNull();
  });
});

describe("round trips", () => {
  test.each(PLACES)("what is shown of %d, %d can be typed again", (lat, lon) => {
    for (const [style, within] of [["decimal", 8], ["dms", 22], ["mgrs", 16]] as const) {
      const read = parsePosition(formatPosition(lat, lon, style));
      expect(read, `${style}: ${formatPosition(lat, lon, style)}`).not.toBeNull();
      expect(Math.abs((read?.latDeg ?? 99) - lat)).toBeLessThan(within * METRE_DEG);
      expect(Math.abs((read?.lonDeg ?? 999) - lon) * Math.cos((lat * Math.PI) / 180)).toBeLessThan(within * METRE_DEG);
      expect(read?.style).toBe(style);
    }
  });
});

describe("typing", () => {
  const vilnius = [
    "54.6872, 25.2797",
    "54.6872 25.2797",
    "54.6872,25.2797",
    "54,6872 25,2797",
    "54,6872; 25,2797",
    "54.6872° N, 25.2797° E",
    "N54.6872 E25.2797",
    "25.2797 E 54.6872 N",
    "54.6872Š 25.2797R",
    "54°41'13.9\"N 25°16'46.9\"E",
    "54° 41′ 13.9″ N, 25° 16′ 46.9″ E",
    "54 41 13.9 N 25 16 46.9 E",
    "54°41.232'N 25°16.782'E",
    "544114N0251647E",
    "5441N02517E",
  ];
  test.each(vilnius)("%s is read", (typed) => {
    const read = parsePosition(typed);
    expect(read).not.toBeNull();
    expect(read?.latDeg).toBeCloseTo(54.6872, 1);
    expect(read?.lonDeg).toBeCloseTo(25.2797, 1);
  });

  test("every kind of minus sign is a minus", () => {
    for (const minus of ["-", "\u2212", "\u2013", "\u2011"]) {
      expect(parsePosition(`${minus}33.5, ${minus}70.25`)).toMatchObject({ latDeg: -33.5, lonDeg: -70.25 });
    }
  });

  test("letters of south and west make it negative", () => {
    expect(parsePosition("33.5 S 70.25 W")).toMatchObject({ latDeg: -33.5, lonDeg: -70.25 });
    expect(parsePosition("33.5P 70.25V")).toMatchObject({ latDeg: -33.5, lonDeg: -70.25 });
  });

  test("MGRS may be typed with or without blanks, in small letters", () => {
    const spaced = parsePosition("18S UJ 23394 07395");
    expect(spaced).toMatchObject({ style: "mgrs" });
    expect(parsePosition("18suj2339407395")).toEqual(spaced);
    expect(spaced?.latDeg).toBeCloseTo(38.8977, 4);
  });

  const none = ["", "Vilnius", "54", "91, 25", "54, 181", "54 N, 25 N", "54°61'N 25°E", "-54 S, 25 E", "35U", "35U LB 123", "99X AA 11", "1 2 3", "NaN, NaN"];
  test.each(none)("%s is no position", (typed) => {
    expect(parsePosition(typed)).toBeNull();
  });
});
