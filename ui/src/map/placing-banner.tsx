/** Over the map while a place is waited for: what to do, how to leave, and where its middle is. */

import { useKey } from "../keys/listen";
import { t } from "../words/say";
import { leavePlacing, placing } from "./placing";

export function PlacingBanner() {
  if (placing.value === null) return null;
  return <Banner />;
}

function Banner() {
  useKey("close", leavePlacing);
  return (
    <div class="map-placing" role="alert">
      <strong>{t("map.placing")}</strong> <span>{t("map.placing_keys")}</span>
      <button type="button" class="act" onClick={leavePlacing}>
        {t("map.placing_leave")}
      </button>
    </div>
  );
}

/** A cross in the middle of the map, which the key Enter takes. */
export function PlacingCross() {
  if (placing.value === null) return null;
  return (
    <svg class="map-cross" viewBox="-24 -24 48 48" aria-hidden="true" focusable="false">
      <path d="M-22 0H-6M6 0H22M0 -22V-6M0 6V22" />
      <circle r="1.5" />
    </svg>
  );
}
