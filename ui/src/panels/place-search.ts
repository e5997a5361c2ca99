/** Places by name while somebody types: asked of the server after a pause, the newest answer wins. */

import { useEffect, useState } from "preact/hooks";
import type { Page, Place } from "../model/nouns";
import { get } from "../model/server";

const PAUSE_MS = 180;
export const LEAST_LETTERS = 2;
const MOST_SHOWN = 8;

export interface PlaceSearch {
  readonly places: readonly Place[];
  readonly state: "idle" | "asking" | "found" | "failed";
}

const IDLE: PlaceSearch = { places: [], state: "idle" };

export function usePlaceSearch(typed: string): PlaceSearch {
  const [found, setFound] = useState<PlaceSearch>(IDLE);
  const wanted = typed.trim();
  useEffect(() => {
    if (wanted.length < LEAST_LETTERS) {
      setFound(IDLE);
      return undefined;
    }
    let current = true;
    setFound((old) => ({ places: old.places, state: "asking" }));
    const timer = setTimeout(() => {
      get<Page<Place>>(`places?q=${encodeURIComponent(wanted)}&limit=${MOST_SHOWN}`).then(
        (answer) => current && setFound({ places: answer.items, state: "found" }),
        () => current && setFound({ places: [], state: "failed" }),
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [wanted]);
  return found;
}
