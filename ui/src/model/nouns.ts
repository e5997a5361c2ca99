/** The nouns as the server's JSON says them; see docs/schemas and docs/web-api.md.
 *
 * Times `*_ns` are nanoseconds since 1970, UTC. A JavaScript number holds them to 256 ns.
 */

import type { MultiPolygon, Polygon } from "geojson";

export type Level = "warning" | "caution" | "advisory";
export type AlarmState = "raised" | "acknowledged" | "shelved" | "cleared";
export type TrackStateName =
  | "tentative"
  | "confirmed"
  | "coasting"
  | "lost"
  | "left"
  | "down"
  | "never_real";
export type Basis = "measured" | "claimed";

/** What a named person says became of a lost object; `lost` takes it back. */
export type Outcome = "lost" | "left" | "down" | "never_real";

export interface Releasability {
  owner: string;
  releasable_to: string[];
  coarsen_m: number;
  delay_s: number;
}

export interface Evidence {
  sentence: string;
  sensor_id?: string;
  source?: string;
  sequence?: number;
  offset?: number;
  rule?: string;
}

export interface Contributor {
  sensor_id: string;
  time_ns: number;
  sequence: number;
  offset: number;
}

export interface Track {
  noun?: "Track";
  track_id: string;
  time_ns: number;
  updated_ns: number;
  born_ns: number;
  state: TrackStateName;
  basis: Basis;
  lat_deg: number;
  lon_deg: number;
  alt_m: number | null;
  east_mps: number;
  north_mps: number;
  up_mps: number;
  sigma_east_m: number;
  sigma_north_m: number;
  correlation: number;
  existence_probability: number;
  callsign?: string;
  contributors?: Contributor[];
  releasability?: Releasability;
}

export interface Approach {
  track_id: string;
  time_ns: number;
  probability: number;
  border: string;
  crossing_ns: number;
  crossing_from_ns: number;
  crossing_to_ns: number;
  lat_deg: number;
  lon_deg: number;
  sigma_m: number;
  evidence?: Evidence[];
}

export interface Loss {
  track_id: string;
  time_ns: number;
  probability: number;
  last_seen_ns: number;
  lat_deg: number;
  lon_deg: number;
  radius_m: number;
  course_deg: number;
  speed_mps: number;
  abroad: boolean;
  border: string;
  p_crossing: number;
  evidence?: Evidence[];
}

/** What GET tracks/{track_id} answers. */
export interface TrackDetails {
  track: Track;
  approach: Approach | null;
  loss: Loss | null;
  alarms: Alarm[];
  incident_id: string | null;
  place: string;
  history: HistoryPoint[];
  why: string[];
}

export interface HistoryPoint {
  time_ns: number;
  lat_deg: number;
  lon_deg: number;
  alt_m: number | null;
  sigma_m: number;
}

export interface Alarm {
  alarm_id: string;
  revision: number;
  level: Level;
  state: AlarmState;
  cause: string;
  time_ns: number;
  raised_ns: number;
  title: string;
  text: string;
  probability: number;
  lat_deg?: number | null;
  lon_deg?: number | null;
  track_ids?: string[];
  incident_id?: string | null;
  rule?: string;
  evidence?: Evidence[];
  releasability?: Releasability;
  handled_by?: string; // who put it into its state; "" if no person did
  comment?: string;
  shelved_until_ns?: number | null; // then it comes back by itself
  raid_id?: string | null; // the alarm of the raid that it is a part of
}

export interface AlarmWhy {
  lines: string[];
}

export interface Incident {
  incident_id: string;
  revision: number;
  level: Level;
  state: "open" | "closed";
  opened_ns: number;
  time_ns: number;
  title: string;
  joinable_until_ns: number;
  owner?: string;
  track_ids?: string[];
  entry_count?: number;
  next_decision_ns?: number | null;
  decision?: string; // what was decided last
  outcome?: "" | Exclude<Outcome, "lost">;
  releasability?: Releasability;
}

export interface IncidentEntry {
  incident_id: string;
  number: number;
  time_ns: number;
  received_ns: number;
  what: string;
  text: string;
  track_id?: string;
  evidence?: Evidence[];
}

/** What GET incidents/{id} answers. */
export interface IncidentDetails {
  incident: Incident;
  entries: IncidentEntry[];
  alarms: Alarm[];
}

export type SensorKind =
  | "radar"
  | "acoustic"
  | "rf"
  | "camera"
  | "adsb"
  | "remote_id"
  | "person"
  | "tracker";

/** `silent` and "nothing there" are different words: a silent sensor sees for nobody. */
export type SensorState = "speaking" | "silent" | "degraded" | "gone" | "never_heard";

export interface SensorView {
  sensor_id: string;
  kind: SensorKind;
  lat_deg: number;
  lon_deg: number;
  max_range_m: number | null;
  state: SensorState;
  last_heard_ns: number | null;
  last_detected_ns: number | null; // receipt of the newest message that held a detection
  heartbeat_s: number | null;
  silence_counts: boolean;
  lost_messages: number;
  rejects: number;
  clock_error_s: number | null;
  source: string;
  link_state: string;
  text: string;
  releasability?: Releasability;
}

/** A report of a person, without name, contact and words. */
export interface ReportView {
  report_id: string;
  heard_ns: number;
  received_ns: number;
  lat_deg: number;
  lon_deg: number;
  radius_m: number;
  first_hand: boolean;
  course_deg: number | null;
  sensor_id: string;
}

export type ZoneKind = "border" | "restricted" | "municipality" | "protected_site";

export interface ZoneView {
  zone_id: string;
  name: string;
  kind: ZoneKind;
  state?: string | null;
  floor_amsl_m: number | null;
  ceiling_amsl_m: number | null;
  geometry: MultiPolygon | Polygon;
}

export interface Reach {
  agl_m: number;
  size: string;
  radius_m: number;
}

export interface CoverageView {
  sensor_id: string;
  kind: SensorKind;
  reach: Reach[];
  state: SensorState;
}

export type ObjectState = "flying" | "lost" | "left" | "down" | "never_real";

export interface ObjectView {
  object_id: string;
  track_id: string;
  incident_id: string | null;
  alarm_ids: string[];
  title: string;
  level: Level;
  state: ObjectState;
  p_airborne: number;
  p_left: number;
  p_down: number;
  p_never_real: number;
  last_evidence_ns: number;
  lat_deg: number;
  lon_deg: number;
  radius_m: number;
  owner: string;
  next_decision_ns: number | null;
  model: string;
  model_text: string;
}

export interface PlaceAhead {
  name: string;
  state: string;
  population: number;
  lat_deg: number;
  lon_deg: number;
  probability: number;
  minutes_from: number;
  minutes: number;
  minutes_to: number;
  object_ids: string[];
  model: string;
  model_text: string;
}

export interface Place {
  name: string;
  state: string;
  population: number;
  lat_deg: number;
  lon_deg: number;
  distance_m?: number;
  text: string;
}

export interface LinkView {
  source: string;
  state: string;
  last_message_age_s: number | null;
  messages: number;
  rejects: number;
  text: string;
}

export interface Channel {
  name: string;
  state: "LIVE" | "DRY RUN";
}

export interface System {
  name: string;
  mode: "live" | "simulation";
  time_ns: number;
  started_ns: number;
  speed_factor: number;
  well: boolean;
  text: string;
  behind: number;
  links: LinkView[];
  lost_messages: Record<string, number>;
  theatre: { lat_deg: number; lon_deg: number };
  home: string;
  states: string[];
  channels: Channel[];
  attribution: string;
  version: string;
  profile: { time_zone: string; languages: string[] };
}

export type Role =
  | "viewer"
  | "operator"
  | "supervisor"
  | "search_leader"
  | "planner"
  | "admin"
  | "partner";

export interface Session {
  name: string;
  role: string; // the first of `roles`
  roles?: string[];
  clearance: string;
  permissions: string[];
  kind: "demo" | "person" | "token" | "first";
  step_up_until_ns: number | null;
  link_until_ns?: number; // until when a one-time link replaces a forgotten password; 0 not at all
  has_credential: boolean;
  demo: boolean;
}

export type Action =
  | "acknowledge"
  | "shelve"
  | "clear"
  | "escalate"
  | "own"
  | "note"
  | "close"
  | "decide"
  | "declare";

/** What each action may carry beside its subject. */
export interface ActionFields {
  comment?: string;
  until_ns?: number;
  outcome?: Outcome;
}

export interface Accepted {
  sequence: number;
}

/** One page of a list. */
export interface Page<T> {
  items: T[];
  total: number;
  limit: number;
  offset: number;
  next: string | null;
  time_ns: number;
}

export interface AlertsPage extends Page<unknown> {
  channels: Channel[];
  text: string;
}

export interface Mark {
  time_ns: number;
  level: Level | "";
  text: string;
}

export interface ReplaySpan {
  from_ns: number;
  to_ns: number;
  marks: Mark[];
}

/** What GET replay/state answers: what was known at that time. */
export interface ReplayState {
  time_ns: number;
  alarms: Alarm[];
  incidents: Incident[];
  objects: ObjectView[];
  places_ahead: PlaceAhead[];
  sensors: SensorView[];
}
