import { expect, it } from "vitest";
import { askedOf, boxOf, chosenNs } from "./drawnmap";
import type { Camera } from "./mercator";

const CAMERA: Camera = { lat: 54.7, lon: 25.3, zoom: 8, widthPx: 640, heightPx: 320 };

it("asks for now, unless the past is shown", () => {
  expect(new URLSearchParams(askedOf(CAMERA, "night")).has("at_ns")).toBe(false);
  const past = new URLSearchParams(askedOf(CAMERA, "night", 1_753_667_770e9));
  expect(past.get("at_ns")).toBe("1753667770000000000");
  expect(past.get("theme")).toBe("night");
});

it("asks for a little less than it shows, for the server draws a margin around", () => {
  const [west, south, east, north] = boxOf(CAMERA);
  const worldDeg = 360 * (640 / (512 * 2 ** 8));
  expect((east - west) * 1.02).toBeCloseTo(worldDeg, 6);
  expect((east + west) / 2).toBeCloseTo(25.3, 6);
  expect(south).toBeLessThan(54.7);
  expect(north).toBeGreaterThan(54.7);
});

it("shows the chosen moment, and now while nothing is kept of the past", () => {
  const past = { atNs: 50, playing: false, rate: 1, fromNs: 10, toNs: 90, marks: [] };
  expect(chosenNs(past)).toBe(50);
  expect(chosenNs({ ...past, atNs: 0, fromNs: 0, toNs: 0 })).toBeUndefined();
  expect(chosenNs(null)).toBeUndefined();
});
