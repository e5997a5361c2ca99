/** What is true right now, as signals: the stream writes them, everything that is seen reads them. */

import { computed, signal, type Signal } from "@preact/signals";
import type {
  Alarm,
  Incident,
  Mark,
  ObjectView,
  PlaceAhead,
  ReportView,
  SensorView,
  Session,
  System,
} from "./nouns";
import { readView, type View } from "./view";

/** One frame of tracks, each column n long; the arrays are views of the bytes that arrived. */
export interface Tracks {
  n: number;
  timeNs: bigint;
  frame: number;
  replay: boolean;
  simulated: boolean;
  key: BigUint64Array;
  lat: Int32Array; // 10⁻⁷ degrees
  lon: Int32Array; // 10⁻⁷ degrees
  altM: Float32Array; // WGS 84 ellipsoid, NaN unknown
  eastMps: Float32Array;
  northMps: Float32Array;
  upMps: Float32Array;
  sigmaEastM: Float32Array;
  sigmaNorthM: Float32Array;
  correlation: Float32Array;
  existence: Float32Array;
  ageS: Float32Array;
  bornS: Float32Array;
  borderS: Float32Array; // to the crossing, NaN none
  borderProbability: Float32Array;
  state: Uint8Array;
  basis: Uint8Array;
  level: Uint8Array;
  flags: Uint8Array;
  callsign: (row: number) => string;
  rowOf: (trackId: string) => number; // -1 when it is not in this frame
}

/** Values of `Tracks.state`, in the order of the server's TrackState. */
export const TRACK_STATES = [
  "tentative",
  "confirmed",
  "coasting",
  "lost",
  "left",
  "down",
  "never_real",
] as const;

/** Values of `Tracks.level`. */
export const TRACK_LEVELS = ["", "advisory", "caution", "warning"] as const;

/** Bit of `Tracks.flags`: an open alarm that names the track is not acknowledged. */
export const UNACKNOWLEDGED = 1;

export interface Link {
  // "not_begun": the server is there, and shows nothing before a password or passkey is chosen.
  state: "connecting" | "live" | "lost" | "signed_out" | "not_begun";
  sinceMs: number; // Date.now() when it became so
  frozenAtNs: number | null; // engine time at which the picture stands still
}

export type SelectionKind =
  | "track"
  | "alarm"
  | "incident"
  | "object"
  | "sensor"
  | "report"
  | "place";

export interface Selection {
  kind: SelectionKind;
  id: string;
}

export interface Replay {
  atNs: number;
  playing: boolean;
  rate: number;
  fromNs: number;
  toNs: number;
  marks: Mark[];
}

export const tracks: Signal<Tracks | null> = signal(null);
export const alarms: Signal<ReadonlyMap<string, Alarm>> = signal(new Map());
export const incidents: Signal<ReadonlyMap<string, Incident>> = signal(new Map());
export const sensors: Signal<ReadonlyMap<string, SensorView>> = signal(new Map());
export const objects: Signal<ReadonlyMap<string, ObjectView>> = signal(new Map());
export const reports: Signal<ReadonlyMap<string, ReportView>> = signal(new Map());
export const placesAhead: Signal<readonly PlaceAhead[]> = signal([]);
export const system: Signal<System | null> = signal(null);
export const session: Signal<Session | null> = signal(null);
export const link: Signal<Link> = signal({
  state: "connecting",
  sinceMs: Date.now(),
  frozenAtNs: null,
});

/** Engine time now, four times a second; stands still while the link is lost. */
export const nowNs: Signal<number> = signal(0);
export const selection: Signal<Selection | null> = signal(null);
export const view: Signal<View> = signal(readView(typeof location === "undefined" ? "" : location.hash));

/** Set while the past is shown; see model/replaying.ts, which fetches what was known then. */
export const replay: Signal<Replay | null> = signal(null);

/** The alarms of now, also while `alarms` shows the past: an alarm must sound during a replay. */
export const liveAlarms: Signal<ReadonlyMap<string, Alarm>> = signal(new Map());

/** Whether buttons that need the server may be pressed: live, and not looking at the past. */
export const canAct = computed(() => link.value.state === "live" && replay.value === null);

/** Whether the session holds a permission; the server decides, the page only hides what it refuses. */
export function may(permission: string): boolean {
  return session.value?.permissions.includes(permission) ?? false;
}
