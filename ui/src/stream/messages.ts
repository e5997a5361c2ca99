/** What the server says over the live stream, and how it changes the picture. */

import { batch } from "@preact/signals";
import {
  alarms,
  incidents,
  liveAlarms,
  objects,
  placesAhead,
  replay,
  reports,
  sensors,
  system,
  tracks,
} from "../model/picture";
import type { Alarm, Incident, ObjectView, PlaceAhead, ReportView, SensorView, System } from "../model/nouns";
import type { Frame, LayoutColumn } from "./frames";

export interface Hello {
  type: "hello";
  protocol: number;
  name: string;
  mode: "live" | "simulation";
  time_ns: number;
  speed_factor: number;
  clearance: string;
  role: string;
  home: string;
  build: string;
  layout: LayoutColumn[];
}

interface Upsert<T> {
  items: T[];
  reset: boolean;
  removed?: string[];
}

export type Message =
  | Hello
  | ({ type: "alarms" } & Upsert<Alarm>)
  | ({ type: "incidents" } & Upsert<Incident>)
  | ({ type: "sensors" } & Upsert<SensorView>)
  | ({ type: "objects" } & Upsert<ObjectView>)
  | ({ type: "reports" } & Upsert<ReportView>)
  | { type: "places_ahead"; items: PlaceAhead[] }
  | ({ type: "system" } & System);

/** What is known now, kept also while the page shows the past. */
interface Known {
  alarms: ReadonlyMap<string, Alarm>;
  incidents: ReadonlyMap<string, Incident>;
  sensors: ReadonlyMap<string, SensorView>;
  objects: ReadonlyMap<string, ObjectView>;
  reports: ReadonlyMap<string, ReportView>;
  placesAhead: readonly PlaceAhead[];
  frame: Frame | null;
}

const now: Known = {
  alarms: new Map(),
  incidents: new Map(),
  sensors: new Map(),
  objects: new Map(),
  reports: new Map(),
  placesAhead: [],
  frame: null,
};

/** Take up a message; hello is the link's business and changes nothing here. */
export function takeMessage(message: Message): void {
  switch (message.type) {
    case "alarms":
      now.alarms = upsert(now.alarms, message, (one) => one.alarm_id);
      break;
    case "incidents":
      now.incidents = upsert(now.incidents, message, (one) => one.incident_id);
      break;
    case "sensors":
      now.sensors = upsert(now.sensors, message, (one) => one.sensor_id);
      break;
    case "objects":
      now.objects = upsert(now.objects, message, (one) => one.object_id);
      break;
    case "reports":
      now.reports = upsert(now.reports, message, (one) => one.report_id);
      break;
    case "places_ahead":
      now.placesAhead = message.items;
      break;
    case "system":
      system.value = message;
      return;
    default:
      return; // a newer server may say more than this page knows
  }
  publish();
}

/** Take up a frame of tracks, unless an older one overtook it. */
export function takeFrame(frame: Frame): void {
  if (now.frame !== null && frame.frame < now.frame.frame) return;
  now.frame = frame;
  if (replay.value === null) tracks.value = frame;
}

/** Forget which frame was newest: a server that started anew counts from the beginning. */
export function expectFrames(): void {
  now.frame = null;
}

/** Forget all that was shown. */
export function forget(): void {
  now.alarms = now.incidents = now.sensors = now.objects = now.reports = new Map<string, never>();
  now.placesAhead = [];
  now.frame = null;
  batch(() => {
    replay.value = null;
    tracks.value = null;
    publish();
  });
}

/** Show what is known now; while the past is shown only `liveAlarms` follows. */
export function publish(): void {
  batch(() => {
    liveAlarms.value = now.alarms;
    if (replay.value !== null) return;
    alarms.value = now.alarms;
    incidents.value = now.incidents;
    sensors.value = now.sensors;
    objects.value = now.objects;
    reports.value = now.reports;
    placesAhead.value = now.placesAhead;
    if (now.frame !== null) tracks.value = now.frame;
  });
}

/** The map after an upsert: the same one when nothing changed, so that nothing is drawn anew. */
export function upsert<T>(
  known: ReadonlyMap<string, T>,
  said: Upsert<T>,
  idOf: (one: T) => string,
): ReadonlyMap<string, T> {
  const removed = said.removed ?? [];
  if (!said.reset && said.items.length === 0 && removed.length === 0) return known;
  const next = new Map(said.reset ? [] : known);
  for (const one of said.items) next.set(idOf(one), one);
  for (const id of removed) next.delete(id);
  return next;
}
