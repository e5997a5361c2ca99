/** Plays patterns through WebAudio, once the browser allows it: after the first key or click. */

import { PATTERNS, type SoundName } from "./patterns";

const RAMP_S = 0.012; // without it each tone begins and ends with a click

export interface Speaker {
  /** Whether the browser lets it sound. */
  readonly ready: () => boolean;
  /** Ask the browser; it agrees only inside a gesture. */
  readonly unlock: () => Promise<boolean>;
  readonly play: (name: SoundName) => void;
}

/** A speaker over the browser's audio; one that is never ready where there is none. */
export function speakerOf(make: (() => AudioContext) | null): Speaker {
  let context: AudioContext | null = null;
  const ready = (): boolean => context !== null && context.state === "running";
  return {
    ready,
    unlock: async () => {
      if (make === null) return false;
      context ??= make();
      if (context.state !== "running") await context.resume();
      return ready();
    },
    play: (name) => {
      if (context === null || !ready()) return;
      for (const tone of PATTERNS[name]) sound(context, tone.hz, tone.startS, tone.lengthS, tone.gain);
    },
  };
}

function sound(context: AudioContext, hz: number, startS: number, lengthS: number, gain: number): void {
  const from = context.currentTime + 0.02 + startS;
  const to = from + lengthS;
  const loud = context.createGain();
  loud.gain.setValueAtTime(0, from);
  loud.gain.linearRampToValueAtTime(gain * 0.5, from + RAMP_S);
  loud.gain.setValueAtTime(gain * 0.5, to - RAMP_S);
  loud.gain.linearRampToValueAtTime(0, to);
  const voice = context.createOscillator();
  voice.type = "triangle";
  voice.frequency.value = hz;
  voice.connect(loud).connect(context.destination);
  voice.start(from);
  voice.stop(to + 0.01);
}

/** How the browser makes an audio context; null where it cannot. */
export function browserAudio(): (() => AudioContext) | null {
  return typeof AudioContext === "undefined" ? null : () => new AudioContext();
}
