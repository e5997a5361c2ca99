import { expect, test } from "vitest";
import { PROFILES } from "./profile";
import {
  COMPASS,
  compassDeg,
  compassOf,
  courseDeg,
  feet,
  flightLevel,
  formatClimb,
  formatCourse,
  formatDistance,
  formatHeight,
  formatSpeed,
  kmh,
  knots,
  nauticalMiles,
} from "./quantities";

const { civil, aviation, nato } = PROFILES;
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, " ");

test("the factors are the defined ones", () => {
  expect(feet(0.3048)).toBeCloseTo(1, 12);
  expect(knots(1852 / 3600)).toBeCloseTo(1, 12);
  expect(nauticalMiles(1852)).toBe(1);
  expect(kmh(10)).toBeCloseTo(36, 12);
});

test("a height is never shown without what it is measured from", () => {
  expect(formatHeight(203.4, "ellipsoid", civil)).toEqual({ text: "200\u00a0m", reference: "ellipsoid" });
  expect(plain(formatHeight(203.4, "agl", aviation).text)).toBe("650 ft");
  expect(formatHeight(203.4, "agl", nato).reference).toBe("agl");
});

test("only a pressure altitude becomes a flight level", () => {
  expect(plain(formatHeight(3048, "pressure", aviation).text)).toBe("FL 100");
  expect(plain(formatHeight(3048, "ellipsoid", aviation).text)).toBe("10 000 ft");
  expect(plain(flightLevel(-61))).toBe("FL \u2212002");
  expect(plain(flightLevel(366))).toBe("FL 012");
});

test("an unknown height is a dash without a reference", () => {
  for (const none of [null, undefined, Number.NaN]) {
    expect(formatHeight(none, "ellipsoid", civil)).toEqual({ text: "—", reference: null });
  }
});

test("a height below the reference keeps its minus sign", () => {
  expect(plain(formatHeight(-42, "amsl", civil).text)).toBe("\u221240 m");
});

test("speeds and distances follow the profile", () => {
  expect(plain(formatSpeed(50, civil))).toBe("180 km/h");
  expect(plain(formatSpeed(50, aviation))).toBe("97 kt");
  expect(formatSpeed(Number.NaN, civil)).toBe("—");
  expect(plain(formatDistance(348, civil))).toBe("350 m");
  expect(plain(formatDistance(1_440, civil, ","))).toBe("1,4 km");
  expect(plain(formatDistance(9_960, civil))).toBe("10 km");
  expect(plain(formatDistance(12_038, aviation))).toBe("6.5 NM");
  expect(plain(formatDistance(32_000, nato))).toBe("32 km");
});

test("climbing and sinking have their sign", () => {
  expect(plain(formatClimb(2.54, civil, ","))).toBe("+2,5 m/s");
  expect(plain(formatClimb(-2.54, aviation))).toBe("\u2212500 ft/min");
  expect(formatClimb(Number.NaN, nato)).toBe("—");
});

test("a course has three digits and 360 is 000", () => {
  expect(formatCourse(4.6)).toBe("005°");
  expect(formatCourse(359.7)).toBe("000°");
  expect(formatCourse(-90)).toBe("270°");
  expect(formatCourse(Number.NaN)).toBe("—");
});

test("what stands still has no course", () => {
  expect(courseDeg(0.1, 0.1)).toBeNaN();
  expect(courseDeg(10, 0)).toBeCloseTo(90, 9);
  expect(courseDeg(-10, 0)).toBeCloseTo(270, 9);
});

test("each of the eight directions is its own nearest", () => {
  for (const one of COMPASS) expect(compassOf(compassDeg(one))).toBe(one);
  expect(compassOf(359)).toBe("N");
  expect(compassOf(Number.NaN)).toBeNull();
});
