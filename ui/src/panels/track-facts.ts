/** One track as facts, from the newest frame, or from the server's answer when no frame has it. */

import type { Track, TrackStateName } from "../model/nouns";
import { TRACK_LEVELS, TRACK_STATES, type Tracks } from "../model/picture";
import { courseDeg } from "../units/quantities";

/** Two standard deviations and a half hold 95 % of a circle. */
const CIRCLE_95 = 2.45;

export interface TrackFacts {
  readonly id: string;
  readonly state: TrackStateName;
  readonly claimed: boolean;
  readonly existence: number;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly altM: number | null;
  readonly speedMps: number;
  readonly courseDeg: number;
  readonly upMps: number;
  /** Radius that holds it with 95 %, by the longer axis. */
  readonly radiusM: number;
  readonly measuredNs: number;
  readonly bornNs: number;
  readonly level: (typeof TRACK_LEVELS)[number];
  readonly callsign: string;
}

export function factsOfRow(tracks: Tracks, row: number, id: string): TrackFacts {
  const at = (column: { readonly [row: number]: number | undefined }): number => column[row] ?? Number.NaN;
  const timeNs = Number(tracks.timeNs);
  const alt = at(tracks.altM);
  return {
    id,
    state: TRACK_STATES[at(tracks.state)] ?? "tentative",
    claimed: at(tracks.basis) === 1,
    existence: at(tracks.existence),
    latDeg: at(tracks.lat) / 1e7,
    lonDeg: at(tracks.lon) / 1e7,
    altM: Number.isNaN(alt) ? null : alt,
    speedMps: Math.hypot(at(tracks.eastMps), at(tracks.northMps)),
    courseDeg: courseDeg(at(tracks.eastMps), at(tracks.northMps)),
    upMps: at(tracks.upMps),
    radiusM: CIRCLE_95 * Math.max(at(tracks.sigmaEastM), at(tracks.sigmaNorthM)),
    measuredNs: timeNs - at(tracks.ageS) * 1e9,
    bornNs: timeNs - at(tracks.bornS) * 1e9,
    level: TRACK_LEVELS[at(tracks.level)] ?? "",
    callsign: tracks.callsign(row),
  };
}

export function factsOfTrack(track: Track): TrackFacts {
  return {
    id: track.track_id,
    state: track.state,
    claimed: track.basis === "claimed",
    existence: track.existence_probability,
    latDeg: track.lat_deg,
    lonDeg: track.lon_deg,
    altM: track.alt_m,
    speedMps: Math.hypot(track.east_mps, track.north_mps),
    courseDeg: courseDeg(track.east_mps, track.north_mps),
    upMps: track.up_mps,
    radiusM: CIRCLE_95 * Math.max(track.sigma_east_m, track.sigma_north_m),
    measuredNs: track.updated_ns,
    bornNs: track.born_ns,
    level: "",
    callsign: track.callsign ?? "",
  };
}
