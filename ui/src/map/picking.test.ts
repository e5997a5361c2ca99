import { expect, it } from "vitest";
import type { SensorView } from "../model/nouns";
import type { Frame } from "../stream/frames";
import type { Camera } from "./mercator";
import { neighbour, pick } from "./picking";
import { Scene, type ReportMark } from "./scene";
import { noneVisible } from "./visible";

const CAMERA: Camera = { lat: 54.7, lon: 25.3, zoom: 9, widthPx: 800, heightPx: 600 };

function report(id: string, lat: number, lon: number, heardNs: number): ReportMark {
  return { id, lat, lon, radiusM: 2_000, firstHand: true, heardNs };
}

function sceneOf(...reports: ReportMark[]): Scene {
  const scene = new Scene();
  scene.reports = reports;
  scene.frame = { n: 0 } as Frame;
  return scene;
}

it("a click on a report chooses it", () => {
  const scene = sceneOf(report("r", 54.7, 25.3, 1));
  expect(pick(scene, CAMERA, noneVisible(), 4, -3)).toEqual({ kind: "report", id: "r" });
  expect(pick(scene, CAMERA, noneVisible(), 60, 0)).toBeNull();
});

it("a report lies over a sensor", () => {
  const scene = sceneOf(report("r", 54.7, 25.3, 1));
  scene.sensors = new Map([["s", { sensor_id: "s", lat_deg: 54.7, lon_deg: 25.3 } as SensorView]]);
  expect(pick(scene, CAMERA, noneVisible(), 0, 0)?.kind).toBe("report");
});

it("from one report the keyboard goes to the one heard next, round and back", () => {
  const scene = sceneOf(report("a", 54, 25, 1), report("b", 55, 25, 2), report("c", 56, 25, 3));
  scene.selection = { kind: "report", id: "b" };
  expect(neighbour(scene, CAMERA, 1)?.id).toBe("c");
  expect(neighbour(scene, CAMERA, -1)?.id).toBe("a");
  scene.selection = { kind: "report", id: "c" };
  expect(neighbour(scene, CAMERA, 1)).toEqual({ kind: "report", id: "a" });
});

it("the chosen report has a place to centre on, as long as it is shown", () => {
  const scene = sceneOf(report("a", 54, 25, 1));
  scene.selection = { kind: "report", id: "a" };
  expect(scene.selectedPlace()).toMatchObject({ lat: 54, lon: 25 });
  scene.reports = [];
  expect(scene.selectedPlace()).toBeNull();
});
