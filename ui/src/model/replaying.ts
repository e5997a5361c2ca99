/** Looking at the past: what was known at a time, fetched and shown in place of the present. */

import { batch, effect } from "@preact/signals";
import { publish } from "../stream/messages";
import { decodeFrame } from "../stream/frames";
import type { ReplaySpan, ReplayState } from "./nouns";
import {
  alarms,
  incidents,
  link,
  nowNs,
  objects,
  placesAhead,
  replay,
  sensors,
  tracks,
} from "./picture";
import { get, getBytes, ServerError } from "./server";
import { signal, type Signal } from "@preact/signals";

const STEP_MS = 500;

/** Why the past cannot be shown; "" when nothing is wrong. */
export const replayTrouble: Signal<string> = signal("");

let asking = false;
let shownNs = Number.NaN;
let timer: ReturnType<typeof setInterval> | undefined;

/** Ask which time can be shown, and show its end, or `atNs`. */
export async function openReplay(atNs?: number): Promise<void> {
  const span = await get<ReplaySpan>("replay");
  const at = Math.min(Math.max(atNs ?? span.to_ns, span.from_ns), span.to_ns);
  replay.value = {
    atNs: at,
    playing: false,
    rate: 10,
    fromNs: span.from_ns,
    toNs: span.to_ns,
    marks: span.marks,
  };
}

/** Show another moment of the span. */
export function seekReplay(atNs: number): void {
  const shown = replay.value;
  if (shown === null) return;
  replay.value = { ...shown, atNs: Math.min(Math.max(atNs, shown.fromNs), shown.toNs) };
}

/** Run on by itself, `rate` times as fast as it happened, or stand. */
export function playReplay(playing: boolean, rate?: number): void {
  const shown = replay.value;
  if (shown !== null) replay.value = { ...shown, playing, rate: rate ?? shown.rate };
}

/** Back to now. */
export function closeReplay(): void {
  replay.value = null;
}

/** Follow the signal `replay` for as long as the page lives. Called once. */
export function startReplaying(): void {
  let wasShown = false;
  effect(() => {
    const shown = replay.value;
    if (shown === null) {
      clearInterval(timer);
      timer = undefined;
      shownNs = Number.NaN;
      if (wasShown) batch(() => ((replayTrouble.value = ""), publish()));
      wasShown = false;
      return;
    }
    wasShown = true;
    nowNs.value = shown.atNs;
    timer ??= setInterval(run, STEP_MS);
    void fetchShown();
  });
}

function run(): void {
  const shown = replay.value;
  if (shown === null || !shown.playing || asking || link.value.state !== "live") return;
  const atNs = Math.min(shown.atNs + shown.rate * STEP_MS * 1e6, shown.toNs);
  replay.value = { ...shown, atNs, playing: atNs < shown.toNs };
}

/** One question at a time; when the slider moved meanwhile, the newest place is asked for next. */
async function fetchShown(): Promise<void> {
  if (asking) return;
  asking = true;
  try {
    for (let atNs = wanted(); atNs !== null; atNs = wanted()) {
      shownNs = atNs;
      await showMoment(atNs);
    }
  } finally {
    asking = false;
  }
}

function wanted(): number | null {
  const shown = replay.peek();
  return shown === null || shown.atNs === shownNs ? null : shown.atNs;
}

async function showMoment(atNs: number): Promise<void> {
  const at = Math.round(atNs);
  try {
    const [bytes, state] = await Promise.all([
      getBytes(`replay/frame?at_ns=${at}`),
      get<ReplayState>(`replay/state?at_ns=${at}`),
    ]);
    if (replay.peek() === null) return;
    batch(() => {
      replayTrouble.value = "";
      tracks.value = decodeFrame(bytes);
      alarms.value = new Map(state.alarms.map((one) => [one.alarm_id, one]));
      incidents.value = new Map(state.incidents.map((one) => [one.incident_id, one]));
      objects.value = new Map(state.objects.map((one) => [one.object_id, one]));
      sensors.value = new Map(state.sensors.map((one) => [one.sensor_id, one]));
      placesAhead.value = state.places_ahead;
    });
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    replayTrouble.value = error.detail;
  }
}
