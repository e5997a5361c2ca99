/** What each level sounds like: pitch, length and rhythm differ, so that ears can tell them apart. */

export interface Tone {
  readonly hz: number;
  readonly startS: number;
  readonly lengthS: number;
  /** 0 to 1, of the loudness that the machine is set to. */
  readonly gain: number;
}

export type SoundName = "warning" | "caution" | "advisory" | "link";

const row = (hz: readonly number[], lengthS: number, gapS: number, gain: number): Tone[] =>
  hz.map((pitch, i) => ({ hz: pitch, startS: i * (lengthS + gapS), lengthS, gain }));

export const PATTERNS: Readonly<Record<SoundName, readonly Tone[]>> = {
  warning: row([988, 740, 988, 740, 988, 740], 0.16, 0.04, 0.9), // urgent, two pitches in turn
  caution: row([659, 523], 0.28, 0.06, 0.6), // two notes, falling
  advisory: row([523], 0.22, 0, 0.35), // one soft note
  link: row([330, 330, 220], 0.25, 0.1, 0.6), // low, falling: what is shown grows old
};

/** A warning sounds again after this, until someone acknowledges it. */
export const REPEAT_S = 5;

/** How long a pattern takes. */
export function lengthS(name: SoundName): number {
  return Math.max(...PATTERNS[name].map((tone) => tone.startS + tone.lengthS));
}
