/** The map without WebGL2: a picture that the server draws, asked anew every two seconds. */

import { useEffect, useRef, useState } from "preact/hooks";
import { effect } from "@preact/signals";
import * as picture from "../model/picture";
import type { View } from "../model/view";
import { TrackTable } from "../panels/tracks";
import type { Frame } from "../stream/frames";
import { t } from "../words/say";
import { LEAST_ZOOM, MOST_ZOOM } from "./basemap";
import { takeCommands, type MapCommands } from "./commands";
import { latOf, lonOf, worldPx, xOf, yOf, type Camera } from "./mercator";
import { neighbour } from "./picking";
import { Scene } from "./scene";

const EVERY_MS = 2_000;
const PATIENCE_MS = 6_000;
const ZOOM = 6.7;
const LEAST_PX = 64;

/** Picture and table: who has no graphics card sees the same night. */
export function DrawnMap() {
  const holder = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState({ url: "", failed: false });
  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    return keepAsking(element, (url, failed) =>
      setShown((before) => {
        if (url !== "" && before.url !== "") URL.revokeObjectURL(before.url);
        return { url: url === "" ? before.url : url, failed };
      }),
    );
  }, []);
  useEffect(() => takeCommands(commandsOf(() => cameraOf(holder.current, picture.view.peek()))), []);
  return (
    <div class="drawn">
      <div class="drawn-picture" ref={holder} data-stale={shown.failed || undefined}>
        {shown.url === "" ? null : <img src={shown.url} alt={t("map.picture")} />}
        <p class="map-note" role="note">
          {t(noteOf(shown.failed))}
        </p>
      </div>
      <div class="drawn-table">
        <TrackTable />
      </div>
    </div>
  );
}

function noteOf(failed: boolean): "map.picture_failed" | "map.picture_now" | "map.no_webgl" {
  if (failed) return "map.picture_failed";
  return picture.replay.value === null ? "map.no_webgl" : "map.picture_now";
}

/** Ask now and every two seconds, and at once when the view was changed; until the returned is called. */
function keepAsking(element: HTMLElement, show: (url: string, failed: boolean) => void): () => void {
  let asking = false;
  const ask = async (): Promise<void> => {
    if (asking || picture.link.peek().state !== "live") return;
    asking = true;
    try {
      show(await fetchPicture(element), false);
    } catch {
      show("", true); // the old picture stays, and says that it is old
    } finally {
      asking = false;
    }
  };
  const timer = setInterval(() => void ask(), EVERY_MS);
  const undo = effect(() => {
    if (picture.link.value.state === "lost") show("", true);
    else if (picture.view.value !== null) void ask();
  });
  return () => {
    clearInterval(timer);
    undo();
  };
}

async function fetchPicture(element: HTMLElement): Promise<string> {
  const view = picture.view.peek();
  const camera = cameraOf(element, view);
  const asked = new URLSearchParams({
    bbox: boxOf(camera).map((deg) => deg.toFixed(5)).join(","),
    width: String(Math.round(camera.widthPx)),
    height: String(Math.round(camera.heightPx)),
    theme: view.theme,
  });
  const answer = await fetch(`/api/v1/picture.svg?${asked.toString()}`, {
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return URL.createObjectURL(await answer.blob());
}

function cameraOf(element: HTMLElement | null, view: View): Camera {
  const theatre = picture.system.peek()?.theatre ?? { lat_deg: 55, lon_deg: 24.6 };
  return {
    lat: view.lat ?? theatre.lat_deg,
    lon: view.lon ?? theatre.lon_deg,
    zoom: view.zoom ?? ZOOM,
    widthPx: Math.max(element?.clientWidth ?? 0, LEAST_PX),
    heightPx: Math.max(element?.clientHeight ?? 0, LEAST_PX),
  };
}

/** West, south, east, north of what a camera sees. */
export function boxOf(camera: Camera): [number, number, number, number] {
  const scale = worldPx(camera.zoom);
  const [x, y] = [xOf(camera.lon), yOf(camera.lat)];
  const [halfX, halfY] = [camera.widthPx / 2 / scale, camera.heightPx / 2 / scale];
  return [lonOf(x - halfX), latOf(y + halfY), lonOf(x + halfX), latOf(y - halfY)];
}

function commandsOf(camera: () => Camera): MapCommands {
  const keep = (lat: number, lon: number, zoom: number): void => {
    picture.view.value = { ...picture.view.peek(), lat, lon, zoom };
  };
  return {
    pan: (east, south) => {
      const { lat, lon, zoom, widthPx, heightPx } = camera();
      const scale = worldPx(zoom);
      keep(latOf(yOf(lat) + (south * heightPx) / scale), lonOf(xOf(lon) + (east * widthPx) / scale), zoom);
    },
    zoom: (steps) => {
      const { lat, lon, zoom } = camera();
      keep(lat, lon, Math.min(Math.max(zoom + steps, LEAST_ZOOM), MOST_ZOOM));
    },
    selectNext: (step) => {
      const next = neighbour(sceneNow(), camera(), step);
      if (next !== null) picture.selection.value = next;
    },
    centreOnSelection: () => {
      const place = sceneNow().selectedPlace();
      if (place !== null) keep(place.lat, place.lon, camera().zoom);
      return place !== null;
    },
    showAll: () => {
      picture.view.value = { ...picture.view.peek(), lat: null, lon: null, zoom: null };
    },
    focus: () => undefined,
  };
}

function sceneNow(): Scene {
  const scene = new Scene();
  scene.filters = picture.view.peek().filters;
  scene.selection = picture.selection.peek();
  scene.alarms = picture.alarms.peek();
  scene.objects = picture.objects.peek();
  scene.sensors = picture.sensors.peek();
  scene.placesAhead = picture.placesAhead.peek();
  const { lat, lon } = cameraOf(null, picture.view.peek());
  scene.takeFrame(picture.tracks.peek() as Frame | null, { lat, lon });
  return scene;
}
