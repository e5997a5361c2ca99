/** Zones and reach, which change seldom: asked from the server, put under the tracks. */

import { signal, type Signal } from "@preact/signals";
import type { Feature, FeatureCollection } from "geojson";
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import type { CoverageView, Page, SensorView, ZoneView } from "../model/nouns";
import { may } from "../model/picture";
import { get, ServerError } from "../model/server";
import { circle } from "./mercator";

const REACH_AGL_M = 200; // the height at which they fly; the legend says so

export const zones: Signal<readonly ZoneView[]> = signal([]);
export const coverage: Signal<readonly CoverageView[]> = signal([]);

/** Ask for zones and reach; what the session may not see stays empty. */
export async function askGround(): Promise<void> {
  zones.value = await all<ZoneView>("zones", "zones.read", zones.peek());
  coverage.value = await all<CoverageView>("coverage", "coverage.read", coverage.peek());
}

async function all<T>(list: string, permission: string, before: readonly T[]): Promise<readonly T[]> {
  if (!may(permission)) return [];
  const items: T[] = [];
  try {
    let next: string | null = `${list}?limit=1000`;
    while (next !== null) {
      const page: Page<T> = await get<Page<T>>(next);
      items.push(...page.items);
      next = page.next;
    }
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return before; // it is asked again when the link is back
  }
  return items;
}

/** Zones and reach as the map's sources. */
export function showGround(map: MapLibre, sensors: ReadonlyMap<string, SensorView>): void {
  set(map, "zones", zones.value.map(zoneFeature));
  set(map, "reach", coverage.value.flatMap((one) => reachFeature(one, sensors.get(one.sensor_id))));
}

/** What of the sensors changes the drawn reach; messages that change nothing of it draw nothing. */
export function reachMark(sensors: ReadonlyMap<string, SensorView>): string {
  return [...sensors.values()].map((one) => `${one.sensor_id} ${one.state}`).join("|");
}

function set(map: MapLibre, source: string, features: Feature[]): void {
  const content: FeatureCollection = { type: "FeatureCollection", features };
  map.getSource<GeoJSONSource>(source)?.setData(content);
}

function zoneFeature(zone: ZoneView): Feature {
  const { zone_id, name, kind } = zone;
  const state = zone.state ?? zone_id;
  return { type: "Feature", properties: { zone_id, name, kind, state }, geometry: zone.geometry };
}

function reachFeature(one: CoverageView, sensor: SensorView | undefined): Feature[] {
  const reach = one.reach.find((at) => at.agl_m === REACH_AGL_M) ?? one.reach[0];
  if (sensor === undefined || reach === undefined || !(reach.radius_m > 0)) return [];
  const heard = sensor.state === "speaking" || sensor.state === "degraded";
  return [
    {
      type: "Feature",
      properties: { sensor_id: one.sensor_id, heard },
      geometry: {
        type: "Polygon",
        coordinates: [circle(sensor.lat_deg, sensor.lon_deg, reach.radius_m)],
      },
    },
  ];
}
