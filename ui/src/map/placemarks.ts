/** Places ahead on the map: the soonest by name, with the minutes that a simple model says. */

import type { PlaceAhead } from "../model/nouns";
import { placeRows } from "../panels/wall-rows";
import { t } from "../words/say";

/** As many as the wall names: more would hide what flies. */
export const MOST_NAMED = 8;
export const PLACE_SIGN = "○";

/** The places that the map names, the soonest first. */
export function placesNamed(places: readonly PlaceAhead[]): readonly PlaceAhead[] {
  return placeRows(places).slice(0, MOST_NAMED);
}

/** Their names, in alphabetical order: they change seldom. */
export function namesAhead(places: readonly PlaceAhead[]): string[] {
  return [...new Set(placesNamed(places).map((one) => one.name))].sort();
}

/** "Nemenčinė ≈ 4 min"; with a question mark once the picture is old and nobody knows. */
export function aheadText(place: PlaceAhead, staleS: number): string {
  const minutes = Math.round(place.minutes);
  const text =
    minutes <= 0
      ? t("map.ahead_now", { place: place.name })
      : t("map.ahead", { place: place.name, minutes });
  return staleS > 0 ? `${text} ?` : text;
}
