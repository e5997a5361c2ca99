/** Where it was: a place by name with suggestions, typed coordinates, or a place on the map. */

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { mapCommands } from "../map/commands";
import { beginPlacing, leavePlacing, placing } from "../map/placing";
import type { Place } from "../model/nouns";
import { parsePosition } from "../units/typed-place";
import { formatNumber } from "../units/numbers";
import { stateName } from "../words/served";
import { t } from "../words/say";
import { positionText } from "./parts/shown";
import { usePlaceName } from "./place-name";
import { LEAST_LETTERS, usePlaceSearch } from "./place-search";

export interface Spot {
  readonly latDeg: number;
  readonly lonDeg: number;
  /** The name that was chosen; "" for coordinates. */
  readonly name: string;
}

interface PlaceProps {
  readonly typed: string;
  readonly spot: Spot | null;
  readonly onType: (typed: string, spot: Spot | null) => void;
}

export function PlaceField({ typed, spot, onType }: PlaceProps) {
  const id = useId();
  const [at, setAt] = useState(0);
  const open = spot === null && typed.trim().length >= LEAST_LETTERS;
  const search = usePlaceSearch(open ? typed : "");
  const near = usePlaceName(spot?.latDeg ?? Number.NaN, spot?.lonDeg ?? Number.NaN, null);
  const name = spot === null || spot.name !== "" ? (spot?.name ?? "") : near;
  const said = spot === null ? "" : [name, positionText(spot.latDeg, spot.lonDeg)].filter((one) => one !== "").join(" · ");
  const type = (text: string): void => {
    setAt(0);
    const read = parsePosition(text);
    onType(text, read === null ? null : { latDeg: read.latDeg, lonDeg: read.lonDeg, name: "" });
  };
  const take = (place: Place): void =>
    onType(place.name, { latDeg: place.lat_deg, lonDeg: place.lon_deg, name: place.name });
  const onKey = (key: string): boolean => {
    const last = search.places.length - 1;
    const chosen = search.places[at];
    if (!open || last < 0) return false;
    if (key === "ArrowDown") setAt(Math.min(at + 1, last));
    else if (key === "ArrowUp") setAt(Math.max(at - 1, 0));
    else if (key === "Enter" && chosen !== undefined) take(chosen);
    else return false;
    return true;
  };
  return (
    <div class="field place-field">
      <label for={`${id}-input`}>{t("report.where")}</label>
      <input
        id={`${id}-input`}
        data-step="place"
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        placeholder={t("report.where_example")}
        aria-expanded={open && search.places.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open && search.places.length > 0 ? `${id}-${at}` : undefined}
        aria-describedby={`${id}-said`}
        value={typed}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (onKey(event.key)) {
            event.preventDefault();
            event.stopPropagation();
          }
        }}
      />
      <ul
        id={`${id}-list`}
        class="suggestions"
        role="listbox"
        aria-label={t("report.where_suggestions")}
        hidden={!open || search.places.length === 0}
      >
        {(open ? search.places : []).map((place, i) => (
          <li
            key={`${place.name}/${place.lat_deg}/${place.lon_deg}`}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === at}
            onPointerDown={(event) => {
              event.preventDefault(); // the field keeps the focus
              take(place);
            }}
          >
            <strong>{place.name}</strong>{" "}
            <small>
              {stateName(place.state)} · {formatNumber(place.population)}
            </small>
          </li>
        ))}
      </ul>
      <p id={`${id}-said`} class="soft" aria-live="polite">
        {spot !== null
          ? t("report.where_taken", { text: said })
          : search.state === "found" && open
            ? search.places.length === 0
              ? t("report.where_none")
              : t("report.where_found", { n: search.places.length })
            : t("report.where_hint")}
      </p>
      <FromMap onTake={onType} />
    </div>
  );
}

/** By a click on the map, or its middle as it stands: for places that have no name. */
function FromMap({ onTake }: { onTake: PlaceProps["onType"] }) {
  const newest = useRef(onTake); // the form may have changed while the map was looked at
  newest.current = onTake;
  const waiting = placing.value !== null;
  useEffect(() => leavePlacing, []);
  const take = (latDeg: number, lonDeg: number): void => {
    newest.current(positionText(latDeg, lonDeg), { latDeg, lonDeg, name: "" });
    document.querySelector<HTMLElement>('[data-step="place"]')?.focus();
  };
  return (
    <div class="acts">
      <button
        type="button"
        class="act"
        aria-pressed={waiting}
        onClick={() => (waiting ? leavePlacing() : beginPlacing(take))}
      >
        {t("report.where_click")}
      </button>
      <button
        type="button"
        class="act"
        onClick={() => {
          const centre = mapCommands.centre();
          if (centre !== null) take(centre.lat, centre.lon);
        }}
      >
        {t("report.where_map")}
      </button>
    </div>
  );
}
