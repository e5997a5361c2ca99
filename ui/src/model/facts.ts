/** `window.skypicket`: what tests and the curious may read of the page; nothing can be written. */

export interface Facts {
  /** The graphics renderer as WebGL names it; "" without a map by WebGL. */
  renderer: string;
  /** How often the track layer was drawn. */
  drawn: number;
  /** Tracks that the map shows now. */
  shown: number;
  /** How often the WebGL context was lost. */
  contextLosses: number;
  /** Whether tiles, zones and symbols are there and nothing is waited for. */
  settled: boolean;
  /** Where a track stands in the window, CSS pixels; null when it is not on the map. */
  placeOf: (trackId: string) => { x: number; y: number } | null;
}

let told: Partial<{ [name in keyof Facts]: () => Facts[name] }> = {};

/** Tell the facts by these functions from now on. */
export function tellFacts(facts: { [name in keyof Facts]: () => Facts[name] }): void {
  told = facts;
}

/** Put `skypicket` on the window. Called once. */
export function publishFacts(): void {
  const facts: Facts = {
    get renderer() {
      return told.renderer?.() ?? "";
    },
    get drawn() {
      return told.drawn?.() ?? 0;
    },
    get shown() {
      return told.shown?.() ?? 0;
    },
    get contextLosses() {
      return told.contextLosses?.() ?? 0;
    },
    get settled() {
      return told.settled?.() ?? false;
    },
    get placeOf() {
      return told.placeOf?.() ?? (() => null);
    },
  };
  Object.defineProperty(window, "skypicket", { value: Object.freeze(facts), enumerable: true });
}
