/** The map, by WebGL2 where there is one, and what lies over it: buttons, legend, why it is empty. */

import { useEffect, useRef, useState } from "preact/hooks";
import { emptiness, type Emptiness } from "../model/emptiness";
import { link, placesAhead, replay } from "../model/picture";
import { ReportCard } from "../panels/report-card";
import { useKey } from "../keys/listen";
import { t } from "../words/say";
import { SOURCES } from "./basemap";
import { mapCommands } from "./commands";
import { DrawnMap } from "./drawnmap";
import { coverage } from "./ground";
import { LiveMap, type MapState } from "./livemap";
import { placeAtCentre, placing } from "./placing";
import { PlacingBanner, PlacingCross } from "./placing-banner";
import { PLACE_SIGN } from "./placemarks";
import { leadSeconds } from "./tracklayer";
import "./map.css";

const NOTHING: MapState = { zoom: 7, noBasemap: false, rebuilding: false };

export function Map() {
  useKey("map", () => void mapCommands.focus());
  const [webgl, setWebgl] = useState(wantsWebgl);
  const stale = link.value.state !== "live" && replay.value === null;
  return (
    <section
      class="map"
      aria-label={t("map.title")}
      data-stale={stale || undefined}
      data-placing={placing.value !== null || undefined}
      onKeyDown={takeCentre}
    >
      {webgl ? <WebglMap onLost={() => setWebgl(false)} /> : <DrawnMap />}
      {placing.value === null ? <EmptyNote /> : null}
      <PlacingBanner />
      <ReportCard />
    </section>
  );
}

/** Enter on the map itself says that its middle is the place; on a button it presses the button. */
function takeCentre(event: KeyboardEvent): void {
  if (event.key !== "Enter" || event.target instanceof HTMLButtonElement) return;
  if (placeAtCentre()) event.preventDefault();
}

/** Whether WebGL2 is wanted: `?webgl=off` shows what old hardware would.
 *
 * Whether it is there, making the map says: a context made to ask would cost the first picture time.
 */
function wantsWebgl(): boolean {
  return new URLSearchParams(location.search).get("webgl") !== "off";
}

function WebglMap({ onLost }: { onLost: () => void }) {
  const holder = useRef<HTMLDivElement>(null);
  const [live, setLive] = useState<LiveMap | null>(null);
  useEffect(() => {
    if (holder.current === null) return;
    try {
      const made = new LiveMap(holder.current, t("map.text"), onLost);
      setLive(made);
      return () => made.close();
    } catch (error) {
      console.warn(error);
      onLost();
    }
  }, []);
  const state = live?.state.value ?? NOTHING;
  return (
    <>
      <div class="map-canvas" ref={holder} />
      <PlacingCross />
      <Buttons />
      <Legend zoom={state.zoom} />
      {state.rebuilding ? <p class="map-note">{t("map.rebuilding")}</p> : null}
      {state.noBasemap ? <p class="map-note map-note-low">{t("map.no_basemap")}</p> : null}
    </>
  );
}

function Buttons() {
  return (
    <div class="map-buttons" role="group" aria-label={t("map.title")}>
      <button type="button" title={t("map.zoom_in")} aria-label={t("map.zoom_in")} onClick={() => mapCommands.zoom(1)}>
        +
      </button>
      <button type="button" title={t("map.zoom_out")} aria-label={t("map.zoom_out")} onClick={() => mapCommands.zoom(-1)}>
        −
      </button>
      <button type="button" title={t("map.whole")} aria-label={t("map.whole")} onClick={() => mapCommands.showAll()}>
        ⌂
      </button>
    </div>
  );
}

function Legend({ zoom }: { zoom: number }) {
  const reach = coverage.value.length > 0;
  return (
    <div class="map-legend">
      <p>
        <span>{t("map.vector", { n: leadSeconds(zoom) / 60 })}</span>
        <span>{t("map.ellipse")}</span>
        {placesAhead.value.length === 0 ? null : (
          <span title={placesAhead.value[0]?.model_text}>
            {PLACE_SIGN} {t("map.ahead_legend")}
          </span>
        )}
        {reach ? <span title={t("map.reach_text")}>{t("map.reach")}</span> : null}
        {reach ? <span class="map-legend-silent">{t("map.silent")}</span> : null}
      </p>
      <p class="map-sources">{SOURCES}</p>
    </div>
  );
}

function EmptyNote() {
  const why = emptiness.value;
  if (why === null || link.value.state === "signed_out") return null;
  return (
    <p class="map-empty" role="status" data-why={why.why}>
      {emptyText(why)}
    </p>
  );
}

function emptyText(empty: Emptiness): string {
  switch (empty.why) {
    case "filtered":
    case "blind":
    case "nothing":
      return t(`empty.${empty.why}`, { n: empty.n });
    case "half_blind":
      return t("empty.half_blind", { n: empty.n, all: empty.all });
    default:
      return t(`empty.${empty.why}`);
  }
}
