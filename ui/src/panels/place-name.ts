/** The nearest place by name, asked of the server when a position has moved a kilometre. */

import { useEffect, useState } from "preact/hooks";
import type { Page, Place } from "../model/nouns";
import { link } from "../model/picture";
import { get } from "../model/server";
import { placeText } from "../words/served";

/** Places around a position; `text` says the position in words, "13 km SE of Vilnius". */
type PlacePage = Page<Place> & { readonly text: string | null };

const CELL_DEG = 0.01; // about a kilometre: names do not change within
const MOST_KEPT = 500;
const kept = new Map<string, string>();

/** The key of the cell that a position lies in, and its middle as the server takes it. */
export function cellOf(latDeg: number, lonDeg: number): string {
  const snap = (deg: number): string => (Math.round(deg / CELL_DEG) * CELL_DEG).toFixed(2);
  return `${snap(latDeg)},${snap(lonDeg)}`;
}

/** The name; what `told` says until the server answers; "" while nothing is known. */
export function usePlaceName(latDeg: number, lonDeg: number, told: string | null): string {
  const cell = Number.isFinite(latDeg) && Number.isFinite(lonDeg) ? cellOf(latDeg, lonDeg) : "";
  const [, setCount] = useState(0);
  const live = link.value.state === "live";
  useEffect(() => {
    if (cell === "" || kept.has(cell) || !live) return undefined;
    let wanted = true;
    get<PlacePage>(`places?near=${cell}&limit=1`).then(
      (answer) => {
        keep(cell, answer.text ?? answer.items[0]?.text ?? "");
        if (wanted) setCount((n) => n + 1);
      },
      () => undefined, // without a name the coordinates stand alone
    );
    return () => {
      wanted = false;
    };
  }, [cell, live]);
  return placeText(kept.get(cell) ?? told ?? "");
}

function keep(cell: string, text: string): void {
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value ?? "");
  kept.set(cell, text);
}
