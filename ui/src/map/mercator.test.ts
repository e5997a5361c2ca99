import { expect, it } from "vitest";
import { circle, latOf, lonOf, pixelOf, unitsPerMetre, worldPx, xOf, yOf } from "./mercator";

it("there and back again is the same place", () => {
  expect(latOf(yOf(54.6872))).toBeCloseTo(54.6872, 9);
  expect(lonOf(xOf(25.2797))).toBeCloseTo(25.2797, 9);
});

it("the middle of the map is pixel 0, south is down", () => {
  const camera = { lat: 54.7, lon: 25.3, zoom: 8, widthPx: 800, heightPx: 600 };
  expect(pixelOf(camera, xOf(25.3), yOf(54.7))).toEqual({ x: 0, y: 0 });
  expect(pixelOf(camera, xOf(25.3), yOf(54.6)).y).toBeGreaterThan(0);
});

it("ten kilometres north are as many pixels as ten kilometres east", () => {
  const north = (yOf(54.7) - yOf(54.7 + 10_000 / 111_320)) * worldPx(9);
  expect(north / (10_000 * unitsPerMetre(54.7) * worldPx(9))).toBeCloseTo(1, 2);
});

it("a circle on the ground is closed and everywhere as far from its middle", () => {
  const ring = circle(55, 25, 20_000, 36);
  expect(ring[0]).toEqual(ring[36]);
  const [, north] = ring[0] as [number, number];
  const [east] = ring[9] as [number, number];
  expect((north - 55) * 111_195).toBeCloseTo(20_000, -1);
  expect((east - 25) * 111_195 * Math.cos((55 * Math.PI) / 180)).toBeCloseTo(20_000, -2);
});
