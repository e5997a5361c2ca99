/** The wall: open objects, places ahead, and what to trust; to be read across the room. */

import { objects, placesAhead } from "../model/picture";
import { t } from "../words/say";
import { Clocks } from "./clocks";
import { Stale } from "./parts/stale";
import { WallObject } from "./wall-object";
import { WallPlaces } from "./wall-places";
import { WallTrust } from "./wall-trust";
import { objectRows } from "./wall-rows";
import "./wall.css";

const MOST_OBJECTS = 6;

export function Wall() {
  return (
    <section class="wall" aria-label={t("wall.title")}>
      <h2 class="unseen">{t("wall.title")}</h2>
      <div class="wall-top">
        <Stale />
        <div class="wall-clocks">
          <Clocks />
        </div>
      </div>
      <Objects />
      <WallPlaces places={placesAhead.value} />
      <WallTrust />
    </section>
  );
}

function Objects() {
  const rows = objectRows(objects.value.values());
  const shown = rows.slice(0, MOST_OBJECTS);
  const model = shown[0];
  return (
    <section class="wall-part wall-objects" aria-label={t("wall.objects")} tabIndex={0}>
      <h3>{t("wall.objects")}</h3>
      {rows.length === 0 ? <p class="empty">{t("wall.objects_none")}</p> : null}
      <ul class="plain">
        {shown.map((one) => (
          <WallObject key={one.object_id} object={one} />
        ))}
      </ul>
      {rows.length > shown.length ? (
        <p class="wall-more">{t("wall.more_objects", { n: rows.length - shown.length })}</p>
      ) : null}
      {model === undefined ? null : (
        <p class="wall-model" lang="en">
          {t("wall.model", { model: model.model, text: model.model_text })}
        </p>
      )}
    </section>
  );
}
