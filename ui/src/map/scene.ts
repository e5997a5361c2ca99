/** What the map shows, as the layer and the picking need it: signals in, rows of floats out. */

import type { Alarm, ObjectView, PlaceAhead, SensorView } from "../model/nouns";
import type { Selection } from "../model/picture";
import { NO_FILTERS, type Filters, type Profile, type Theme } from "../model/view";
import type { Frame } from "../stream/frames";
import { History } from "./history";
import { xOf, yOf } from "./mercator";

/** A report of a person that stands on the map by itself. */
export interface ReportMark {
  id: string;
  lat: number;
  lon: number;
  radiusM: number;
  firstHand: boolean;
  heardNs: number;
}

/** State that outlives a lost WebGL context: everything the layer draws is drawn from here. */
export class Scene {
  frame: Frame | null = null;
  readonly history = new History();
  /** Place of each row away from the origin, in parts of the unit square: x, y. */
  places = new Float32Array(0);
  originX = 0.5;
  originY = 0.5;
  /** Grows with each frame: whoever holds a copy on the graphics card compares it. */
  version = 0;

  filters: Filters = NO_FILTERS;
  theme: Theme = "dim";
  profile: Profile = "civil";
  selection: Selection | null = null;
  alarms: ReadonlyMap<string, Alarm> = new Map();
  objects: ReadonlyMap<string, ObjectView> = new Map();
  sensors: ReadonlyMap<string, SensorView> = new Map();
  placesAhead: readonly PlaceAhead[] = [];
  reports: readonly ReportMark[] = [];
  /** Engine seconds since the frame was true; 0 while the link lives. */
  staleS = 0;

  /** Take a frame; `centre` is the middle of the map, near which places stay exact. */
  takeFrame(frame: Frame | null, centre: { lat: number; lon: number }): void {
    this.frame = frame;
    this.version += 1;
    this.originX = xOf(centre.lon);
    this.originY = yOf(centre.lat);
    if (frame === null) {
      this.history.clear();
      return;
    }
    this.history.take(frame);
    if (this.places.length < 2 * frame.n) this.places = new Float32Array(2 * Math.ceil(frame.n * 1.25));
    const { lat, lon } = frame;
    const { places, originX, originY } = this;
    for (let row = 0; row < frame.n; row += 1) {
      places[2 * row] = xOf((lon[row] as number) * 1e-7) - originX;
      places[2 * row + 1] = yOf((lat[row] as number) * 1e-7) - originY;
    }
    this.placeLost();
  }

  /** Take the objects; what stands for a lost one moves to where its area is. */
  takeObjects(objects: ReadonlyMap<string, ObjectView>): void {
    this.objects = objects;
    if (this.frame === null) return;
    this.placeLost();
    this.version += 1;
  }

  /** A lost track is an area: its sign stands in the middle of that, not where it would be if it
   *  had flown straight on. */
  private placeLost(): void {
    for (const one of this.objects.values()) {
      const row = one.state === "flying" ? -1 : (this.frame?.rowOf(one.track_id) ?? -1);
      if (row < 0) continue;
      const place = this.placeOf(one.lat_deg, one.lon_deg);
      this.places[2 * row] = place.x;
      this.places[2 * row + 1] = place.y;
    }
  }

  /** Where something stands away from the origin. */
  placeOf(latDeg: number, lonDeg: number): { x: number; y: number } {
    return { x: xOf(lonDeg) - this.originX, y: yOf(latDeg) - this.originY };
  }

  /** The row of the selected track, or of the first track that the selected alarm names; -1 none. */
  selectedRow(): number {
    const { frame, selection } = this;
    if (frame === null || selection === null) return -1;
    switch (selection.kind) {
      case "track":
        return frame.rowOf(selection.id);
      case "alarm":
        return frame.rowOf(this.alarms.get(selection.id)?.track_ids?.[0] ?? "");
      case "object":
        return frame.rowOf(this.objects.get(selection.id)?.track_id ?? "");
      default:
        return -1;
    }
  }

  /** Where the selected thing stands, if that is known. */
  selectedPlace(): { lat: number; lon: number } | null {
    const { frame, selection } = this;
    if (selection === null) return null;
    const row = this.selectedRow();
    const lost = this.lostObject(row);
    if (lost !== undefined) return { lat: lost.lat_deg, lon: lost.lon_deg };
    if (frame !== null && row >= 0) {
      return { lat: (frame.lat[row] as number) * 1e-7, lon: (frame.lon[row] as number) * 1e-7 };
    }
    if (selection.kind === "report") return this.selectedReport();
    const found = this.standing(selection);
    return found === undefined || found.lat_deg == null || found.lon_deg == null
      ? null
      : { lat: found.lat_deg, lon: found.lon_deg };
  }

  /** The report that is selected, if it is shown. */
  selectedReport(): ReportMark | null {
    const { selection } = this;
    if (selection?.kind !== "report") return null;
    return this.reports.find((one) => one.id === selection.id) ?? null;
  }

  private lostObject(row: number): ObjectView | undefined {
    if (row < 0) return undefined;
    return [...this.objects.values()].find(
      (one) => one.state !== "flying" && this.frame?.rowOf(one.track_id) === row,
    );
  }

  private standing(
    selection: Selection,
  ): { lat_deg?: number | null; lon_deg?: number | null } | undefined {
    switch (selection.kind) {
      case "alarm":
        return this.alarms.get(selection.id);
      case "object":
        return this.objects.get(selection.id);
      case "track":
        return [...this.objects.values()].find((one) => one.track_id === selection.id);
      case "incident":
        return [...this.objects.values()].find((one) => one.incident_id === selection.id);
      case "sensor":
        return this.sensors.get(selection.id);
      case "report":
        return undefined; // it is a mark and no noun: see selectedReport
      case "place":
        return this.placesAhead.find((one) => one.name === selection.id);
    }
  }
}
