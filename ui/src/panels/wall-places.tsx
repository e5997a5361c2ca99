/** Places ahead: how soon something may be there, how surely, and how many people live there. */

import type { PlaceAhead } from "../model/nouns";
import { formatNumber, formatPercent } from "../units/numbers";
import { stateName } from "../words/served";
import { t } from "../words/say";
import { placeRows } from "./wall-rows";

const MOST_PLACES = 8;

export function WallPlaces({ places }: { places: readonly PlaceAhead[] }) {
  const rows = placeRows(places);
  const shown = rows.slice(0, MOST_PLACES);
  const model = shown[0];
  return (
    <section class="wall-part wall-places" aria-label={t("wall.places")} tabIndex={0}>
      <h3>{t("wall.places")}</h3>
      {rows.length === 0 ? <p class="empty">{t("wall.places_none")}</p> : null}
      <ol class="plain">
        {shown.map((place) => (
          <PlaceRow key={`${place.name}/${place.lat_deg}`} place={place} />
        ))}
      </ol>
      {rows.length > shown.length ? (
        <p class="wall-more">{t("wall.more_places", { n: rows.length - shown.length })}</p>
      ) : null}
      {model === undefined ? null : (
        <p class="wall-model" lang="en">
          {t("wall.model", { model: model.model, text: model.model_text })}
        </p>
      )}
    </section>
  );
}

function PlaceRow({ place }: { place: PlaceAhead }) {
  const minutes = Math.round(place.minutes);
  return (
    <li class="wall-place">
      <strong class="wall-minutes">
        {minutes <= 0 ? t("wall.arrival_now") : t("wall.arrival", { minutes })}
      </strong>
      <span class="wall-place-name">
        {place.name} <small>{stateName(place.state)}</small>
      </span>
      <span class="wall-place-p">{formatPercent(place.probability)}</span>
      <small class="wall-place-more">
        {t("wall.arrival_span", {
          from: Math.max(0, Math.floor(place.minutes_from)),
          to: Math.ceil(place.minutes_to),
        })}{" "}
        · {peopleText(place.population)}
      </small>
    </li>
  );
}

function peopleText(n: number): string {
  return t("wall.people", { n }).replace(String(n), formatNumber(n));
}
