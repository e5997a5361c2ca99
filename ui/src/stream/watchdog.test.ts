import { expect, it } from "vitest";
import { Watchdog } from "./watchdog";

const at = (steadyMs: number, calendarMs = steadyMs) => ({ steadyMs, calendarMs });

it("bites after three seconds of silence and not before", () => {
  const dog = new Watchdog();
  dog.feed(at(1_000));
  expect(dog.bites(at(3_900))).toBe(false);
  expect(dog.bites(at(4_100))).toBe(true);
});

it("bites when the machine slept and only the calendar saw it", () => {
  const dog = new Watchdog();
  dog.feed(at(1_000, 100_000));
  expect(dog.bites(at(1_050, 160_000))).toBe(true);
});

it("is not fooled when somebody sets the calendar back", () => {
  const dog = new Watchdog();
  dog.feed(at(1_000, 100_000));
  expect(dog.bites(at(9_000, 40_000))).toBe(true);
});

it("rests until it is fed", () => {
  const dog = new Watchdog();
  expect(dog.bites(at(1e9))).toBe(false);
  dog.feed(at(0));
  dog.rest();
  expect(dog.bites(at(1e9))).toBe(false);
});
