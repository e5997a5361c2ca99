import { afterEach, expect, it } from "vitest";
import { takeCommands, type MapCommands } from "./commands";
import { beginPlacing, leavePlacing, placeAt, placeAtCentre, placing } from "./placing";

const said: [number, number][] = [];
let focused = 0;
const map: MapCommands = {
  pan: () => undefined,
  zoom: () => undefined,
  selectNext: () => undefined,
  centreOnSelection: () => false,
  showAll: () => undefined,
  centre: () => ({ lat: 55, lon: 24 }),
  focus: () => void (focused += 1),
};
const begin = () => beginPlacing((lat, lon) => void said.push([lat, lon]));

afterEach(() => {
  leavePlacing();
  said.length = 0;
  focused = 0;
});

it("one click says one place, and the next is a click again", () => {
  begin();
  expect(placeAt(54.7, 25.3)).toBe(true);
  expect(placing.value).toBeNull();
  expect(placeAt(54.8, 25.4)).toBe(false);
  expect(said).toEqual([[54.7, 25.3]]);
});

it("nothing is said by whoever leaves", () => {
  begin();
  leavePlacing();
  expect(placeAt(54.7, 25.3)).toBe(false);
  expect(said).toEqual([]);
});

it("the keyboard says the middle of the map, which has the focus meanwhile", () => {
  const stop = takeCommands(map);
  begin();
  expect(focused).toBe(1);
  expect(placeAtCentre()).toBe(true);
  expect(said).toEqual([[55, 24]]);
  expect(placeAtCentre()).toBe(false);
  stop();
});

it("without a map there is no middle to be said", () => {
  begin();
  expect(placeAtCentre()).toBe(false);
  expect(placing.value).not.toBeNull();
});
