import { expect, it } from "vitest";
import type { ObjectView } from "../model/nouns";
import type { Frame } from "../stream/frames";
import { xOf, yOf } from "./mercator";
import { Scene } from "./scene";

const CENTRE = { lat: 55, lon: 25 };

function frameOf(): Frame {
  return {
    n: 1,
    timeNs: 1n,
    replay: false,
    keyWords: Uint32Array.of(7, 0),
    lat: Int32Array.of(552_000_000),
    lon: Int32Array.of(253_000_000),
    eastMps: Float32Array.of(0),
    northMps: Float32Array.of(0),
    ageS: Float32Array.of(0),
    rowOf: (id: string) => (id === "0000000000000007" ? 0 : -1),
  } as unknown as Frame;
}

const object = (state: ObjectView["state"]) =>
  new Map([["o", { object_id: "o", track_id: "0000000000000007", state, lat_deg: 54, lon_deg: 24 } as ObjectView]]);

it("a track stands where its frame says", () => {
  const scene = new Scene();
  scene.takeFrame(frameOf(), CENTRE);
  expect(scene.places[0]).toBeCloseTo(xOf(25.3) - xOf(25), 9);
  expect(scene.places[1]).toBeCloseTo(yOf(55.2) - yOf(55), 9);
});

it("a lost one stands in the middle of its area, also when it is centred on", () => {
  const scene = new Scene();
  scene.takeFrame(frameOf(), CENTRE);
  scene.takeObjects(object("lost"));
  expect(scene.places[0]).toBeCloseTo(xOf(24) - xOf(25), 9);
  scene.selection = { kind: "track", id: "0000000000000007" };
  expect(scene.selectedPlace()).toEqual({ lat: 54, lon: 24 });
  scene.takeFrame(frameOf(), CENTRE);
  expect(scene.places[1]).toBeCloseTo(yOf(54) - yOf(55), 9);
});

it("one that flies stays where it is seen", () => {
  const scene = new Scene();
  scene.takeFrame(frameOf(), CENTRE);
  scene.takeObjects(object("flying"));
  expect(scene.places[0]).toBeCloseTo(xOf(25.3) - xOf(25), 9);
});
