/** The map without WebGL2: a picture that the server draws, asked anew every two seconds. */

import { useEffect, useRef, useState } from "preact/hooks";
import { effect } from "@preact/signals";
import * as picture from "../model/picture";
import type { Theme, View } from "../model/view";
import { bothTimes } from "../panels/parts/shown";
import { TrackTable } from "../panels/tracks";
import type { Frame } from "../stream/frames";
import { t } from "../words/say";
import { LEAST_ZOOM, MOST_ZOOM } from "./basemap";
import { mapCommands, takeCommands, type MapCommands } from "./commands";
import { latOf, lonOf, worldPx, xOf, yOf, type Camera } from "./mercator";
import { neighbour, pick } from "./picking";
import { placeAt } from "./placing";
import { PlacingCross } from "./placing-banner";
import { reportMarks } from "./reportmarks";
import { Scene } from "./scene";
import { findVisible, noneVisible } from "./visible";

const EVERY_MS = 2_000;
const PATIENCE_MS = 6_000;
const ZOOM = 6.7;
const LEAST_PX = 240; // the server draws nothing smaller; what is too much is cut off around
const STEP = 0.25; // of the picture, for each press of an arrow
const MARGIN = 1.02; // the server draws so much more than it is asked for

/** One drawn picture, and of which part of the Earth it is. */
interface Drawn {
  readonly url: string;
  readonly camera: Camera;
}

/** Picture and table: who has no graphics card sees the same night. */
export function DrawnMap() {
  const holder = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<{ drawn: Drawn | null; failed: boolean }>({ drawn: null, failed: false });
  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    return keepAsking(element, (drawn, failed) =>
      setShown((before) => {
        if (drawn !== null && before.drawn !== null) URL.revokeObjectURL(before.drawn.url);
        return { drawn: drawn ?? before.drawn, failed };
      }),
    );
  }, []);
  const camera = (): Camera => cameraOf(holder.current, picture.view.peek());
  useEffect(() => takeCommands(commandsOf(camera, () => holder.current?.focus())), []);
  const { drawn } = shown;
  return (
    <div class="drawn">
      <div
        class="drawn-picture"
        ref={holder}
        role="group"
        aria-label={t("map.text")}
        tabIndex={0}
        data-stale={shown.failed || undefined}
        onKeyDown={pressed}
      >
        {drawn === null ? null : (
          <img src={drawn.url} alt={t("map.picture")} onClick={(event) => clicked(event, drawn.camera)} />
        )}
        <PlacingCross />
        <p class="map-note map-note-low" role="note">
          {noteOf(shown.failed)}
        </p>
      </div>
      <div class="drawn-table">
        <TrackTable />
      </div>
    </div>
  );
}

function noteOf(failed: boolean): string {
  if (failed) return t("map.picture_failed");
  const atNs = chosenNs(picture.replay.value);
  return atNs === undefined ? t("map.no_webgl") : t("map.picture_past", { time: bothTimes(atNs) });
}

/** The past moment that is shown; none while nothing is kept that could be. */
export function chosenNs(past: picture.Replay | null): number | undefined {
  return past === null || past.toNs <= past.fromNs ? undefined : past.atNs;
}

/** The keys that the map by WebGL has, too. */
function pressed(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key];
  if (act === undefined) return;
  event.preventDefault();
  act();
}

const KEYS: Readonly<Record<string, () => void>> = {
  ArrowLeft: () => mapCommands.pan(-STEP, 0),
  ArrowRight: () => mapCommands.pan(STEP, 0),
  ArrowUp: () => mapCommands.pan(0, -STEP),
  ArrowDown: () => mapCommands.pan(0, STEP),
  "+": () => mapCommands.zoom(1),
  "=": () => mapCommands.zoom(1),
  "-": () => mapCommands.zoom(-1),
  ".": () => mapCommands.selectNext(1),
  ",": () => mapCommands.selectNext(-1),
};

/** What was clicked on a picture that was drawn for that camera. */
function clicked(event: MouseEvent, camera: Camera): void {
  const { clientWidth, clientHeight } = event.target as HTMLElement;
  const [x, y] = [event.offsetX - clientWidth / 2, event.offsetY - clientHeight / 2];
  const scale = worldPx(camera.zoom);
  if (placeAt(latOf(yOf(camera.lat) + y / scale), lonOf(xOf(camera.lon) + x / scale))) return;
  const [scene, visible] = [sceneNow(), noneVisible()];
  findVisible(scene, camera, visible);
  picture.selection.value = pick(scene, camera, visible, x, y);
}

/** Ask now and every two seconds, and at once when view or time was changed; until the returned is called. */
function keepAsking(element: HTMLElement, show: (drawn: Drawn | null, failed: boolean) => void): () => void {
  let asking = false;
  let changed = false;
  const ask = async (): Promise<void> => {
    changed = asking;
    if (asking || picture.link.peek().state !== "live") return;
    asking = true;
    try {
      show(await fetchPicture(element), false);
    } catch {
      show(null, true); // the old picture stays, and says that it is old
    } finally {
      asking = false;
    }
    if (changed) void ask();
  };
  const timer = setInterval(() => void (asking || ask()), EVERY_MS);
  const undo = effect(() => {
    void picture.replay.value?.atNs;
    if (picture.link.value.state === "lost") show(null, true);
    else if (picture.view.value !== null) void ask();
  });
  return () => {
    clearInterval(timer);
    undo();
  };
}

async function fetchPicture(element: HTMLElement): Promise<Drawn> {
  const view = picture.view.peek();
  const camera = cameraOf(element, view);
  const answer = await fetch(`/api/v1/picture.svg?${askedOf(camera, view.theme, chosenNs(picture.replay.peek()))}`, {
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return { url: URL.createObjectURL(await answer.blob()), camera };
}

/** What the server is asked for: where, how large, in which colours, and when if not now. */
export function askedOf(camera: Camera, theme: Theme, atNs?: number): string {
  const asked = new URLSearchParams({
    bbox: boxOf(camera).map((deg) => deg.toFixed(5)).join(","),
    width: String(Math.round(camera.widthPx)),
    height: String(Math.round(camera.heightPx)),
    theme,
  });
  if (atNs !== undefined) asked.set("at_ns", String(Math.round(atNs)));
  return asked.toString();
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

/** West, south, east, north to ask for, so that the picture shows what a camera sees. */
export function boxOf(camera: Camera): [number, number, number, number] {
  const scale = worldPx(camera.zoom) * MARGIN;
  const [x, y] = [xOf(camera.lon), yOf(camera.lat)];
  const [halfX, halfY] = [camera.widthPx / 2 / scale, camera.heightPx / 2 / scale];
  return [lonOf(x - halfX), latOf(y + halfY), lonOf(x + halfX), latOf(y - halfY)];
}

function commandsOf(camera: () => Camera, focus: () => void): MapCommands {
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
    centre: () => camera(),
    focus,
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
  scene.reports = reportMarks(picture.reports.peek(), picture.replay.peek() !== null);
  const { lat, lon } = cameraOf(null, picture.view.peek());
  scene.takeFrame(picture.tracks.peek() as Frame | null, { lat, lon });
  return scene;
}
