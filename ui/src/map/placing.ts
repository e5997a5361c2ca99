/** Waiting for a place: the next click on the map says where it was, and does nothing else. */

import { signal, type Signal } from "@preact/signals";
import { mapCommands } from "./commands";

export type TakePlace = (latDeg: number, lonDeg: number) => void;

/** Who waits for a place; null while clicks do what they usually do. */
export const placing: Signal<TakePlace | null> = signal(null);

/** Clicks on the map are places from now on; the map takes the keyboard. */
export function beginPlacing(take: TakePlace): void {
  placing.value = take;
  mapCommands.focus();
}

export function leavePlacing(): void {
  placing.value = null;
}

/** A place was pointed at; false when nobody waits for one. */
export function placeAt(latDeg: number, lonDeg: number): boolean {
  const take = placing.peek();
  if (take === null) return false;
  placing.value = null;
  take(latDeg, lonDeg);
  return true;
}

/** The middle of the map is the place: what the keyboard says in the place of a click. */
export function placeAtCentre(): boolean {
  const centre = mapCommands.centre();
  return centre !== null && placeAt(centre.lat, centre.lon);
}
