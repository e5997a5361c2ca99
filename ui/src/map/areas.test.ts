import { expect, it } from "vitest";
import { ellipseOf, SIGMAS_95 } from "./areas";

it("a round error gives a round area that holds 95 %", () => {
  const shape = ellipseOf(100, 100, 0);
  expect(shape.majorM).toBeCloseTo(244.8, 1);
  expect(shape.minorM).toBeCloseTo(shape.majorM, 6);
});

it("the long axis lies along the correlation", () => {
  const shape = ellipseOf(100, 100, 0.8);
  expect(shape.angle).toBeCloseTo(Math.PI / 4, 6);
  expect(shape.majorM).toBeCloseTo(100 * Math.sqrt(1.8) * SIGMAS_95, 3);
  expect(shape.minorM).toBeCloseTo(100 * Math.sqrt(0.2) * SIGMAS_95, 3);
});

it("an error to the north alone stands upright", () => {
  expect(Math.abs(ellipseOf(10, 200, 0).angle)).toBeCloseTo(Math.PI / 2, 6);
});

it("grows on all sides by what the object may have flown since", () => {
  const [before, after] = [ellipseOf(100, 50, 0.2), ellipseOf(100, 50, 0.2, 500)];
  expect(after.majorM - before.majorM).toBeCloseTo(500, 6);
  expect(after.minorM - before.minorM).toBeCloseTo(500, 6);
});
