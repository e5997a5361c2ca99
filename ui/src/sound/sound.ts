/** The sound of this screen: what rings, whether it may, and who muted it until when, and why. */

import { computed, effect, signal } from "@preact/signals";
import { link, liveAlarms } from "../model/picture";
import { type Heard, type Known, newlyRaised, waitingWarnings } from "./due";
import { lengthS, REPEAT_S, type SoundName } from "./patterns";
import { browserAudio, type Speaker, speakerOf } from "./speaker";

export interface Mute {
  /** When the sound comes back, on the browser's clock: it silences this screen, not the system. */
  readonly untilMs: number;
  readonly reason: string;
}

export type SoundState = "on" | "locked" | "muted" | "none";

const GAP_MS = 700; // between two sounds, so that many alarms are not one noise

/** What the browser lets it do. */
const allowed = signal<"none" | "locked" | "ready">("locked");
export const mute = signal<Mute | null>(null);

export const soundState = computed<SoundState>(() => {
  if (allowed.value === "none") return "none";
  if (allowed.value === "locked") return "locked";
  return mute.value === null ? "on" : "muted";
});

let speaker: Speaker | null = null;
let busyUntilMs = 0;
let unmuting: ReturnType<typeof setTimeout> | undefined;

/** Fall silent for some minutes. The reason stands on the screen as long as that lasts. */
export function muteFor(minutes: number, reason: string): void {
  clearTimeout(unmuting);
  mute.value = { untilMs: Date.now() + minutes * 60_000, reason };
  unmuting = setTimeout(unmute, minutes * 60_000);
}

export function unmute(): void {
  clearTimeout(unmuting);
  mute.value = null;
}

/** Ring now, unless muted or still ringing. */
export function ring(name: SoundName): void {
  const now = Date.now();
  if (speaker === null || soundState.peek() !== "on" || now < busyUntilMs) return;
  busyUntilMs = now + lengthS(name) * 1000 + GAP_MS;
  speaker.play(name);
}

/** The three sounds one after the other, so that a new watch knows them. */
export function demonstrate(): void {
  const order = ["advisory", "caution", "warning"] as const;
  order.forEach((name, i) => setTimeout(() => ring(name), i * 2200));
}

/** Follow alarms and link for as long as the page lives; returns how to stop. */
export function startSound(page: Window): () => void {
  const make = browserAudio();
  speaker = speakerOf(make);
  allowed.value = make === null ? "none" : "locked";
  const stops = [unlockOnGesture(page, speaker), followAlarms(), followLink()];
  return () => stops.forEach((stop) => stop());
}

function unlockOnGesture(page: Window, by: Speaker): () => void {
  const unlock = (): void => {
    void by.unlock().then((ready) => {
      if (ready) allowed.value = "ready";
    });
    if (allowed.peek() === "ready") remove();
  };
  const remove = (): void => {
    for (const kind of GESTURES) page.removeEventListener(kind, unlock, true);
  };
  for (const kind of GESTURES) page.addEventListener(kind, unlock, true);
  return remove;
}

const GESTURES = ["keydown", "pointerdown", "touchend"] as const;

function followAlarms(): () => void {
  let before: Known | null = null;
  const stop = effect(() => {
    const now = heardOf(liveAlarms.value);
    const name = newlyRaised(before, now);
    if (now.size > 0 || before !== null) before = now;
    if (name !== null) ring(name);
  });
  const again = setInterval(() => {
    if (waitingWarnings(heardOf(liveAlarms.peek())) > 0) ring("warning");
  }, REPEAT_S * 1000);
  return () => {
    stop();
    clearInterval(again);
  };
}

function followLink(): () => void {
  let was = link.peek().state;
  return effect(() => {
    const state = link.value.state;
    if (was === "live" && state === "lost") ring("link");
    was = state;
  });
}

function heardOf(alarms: ReadonlyMap<string, Heard>): Known {
  return new Map([...alarms].map(([id, { level, state }]) => [id, { level, state }]));
}
