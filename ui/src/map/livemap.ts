/** The map by WebGL2: MapLibre under our own layer, kept in step with the signals. */

import * as maplibre from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { Protocol } from "pmtiles";
import { effect, signal, untracked, type Signal } from "@preact/signals";
import { tellFacts } from "../model/facts";
import * as picture from "../model/picture";
import type { View } from "../model/view";
import type { Frame } from "../stream/frames";
import { blankStyle, layersOf, LEAST_ZOOM, MOST_ZOOM, styleOf } from "./basemap";
import { takeCommands, type MapCommands } from "./commands";
import { askGround, coverage, reachMark, showGround, zones } from "./ground";
import { latOf, lonOf, pixelOf, worldPx, xOf, yOf } from "./mercator";
import { neighbour, pick } from "./picking";
import { namesAhead } from "./placemarks";
import { placeAt, placing } from "./placing";
import { reportMarks } from "./reportmarks";
import { Scene } from "./scene";
import { staleSeconds } from "./staleness";
import { TrackLayer } from "./tracklayer";

import "maplibre-gl/dist/maplibre-gl.css";

const WIDE_PX = 900;
const SHIFT_LEAST_DEG = 1e-6;
const RESTORE_MS = 10_000;
const FIRST_MS = 3_000; // how long zones and reach wait for the first drawn map
const HOME_MS = 2_000; // how long the map waits to be told where it watches
const DOUBLE_MS = 500; // the second click of a double one comes within

export interface MapState {
  zoom: number;
  noBasemap: boolean;
  rebuilding: boolean;
}

maplibre.setWorkerUrl(workerUrl);
maplibre.addProtocol("pmtiles", new Protocol().tile);
maplibre.prewarm(); // its worker starts while the page does

/** Draws into a container until `close`. */
export class LiveMap {
  readonly state: Signal<MapState> = signal({ zoom: 0, noBasemap: false, rebuilding: false });

  private readonly scene = new Scene();
  private readonly layer = new TrackLayer(this.scene);
  private readonly map: maplibre.Map;
  private readonly undo: (() => void)[] = [];
  private readonly begun = signal(false); // the first map was drawn, or takes too long
  private home = "";
  private ahead = "";
  private contextLosses = 0;
  private placedMs = Number.NEGATIVE_INFINITY;
  private giveUp: ReturnType<typeof setTimeout> | undefined;
  private waiting: ReturnType<typeof setTimeout> | undefined;

  /** `onLost` is called when WebGL does not come back. */
  constructor(
    container: HTMLElement,
    title: string,
    private readonly onLost: () => void,
  ) {
    this.home = picture.system.peek()?.home ?? "";
    this.scene.theme = picture.view.peek().theme;
    this.map = new maplibre.Map({
      container,
      style: this.home === "" ? blankStyle(this.scene.theme) : this.wholeStyle(),
      ...this.firstCamera(container),
      minZoom: LEAST_ZOOM,
      maxZoom: MOST_ZOOM,
      maxPitch: 0,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      fadeDuration: 0, // each step of a fade would draw everything anew
      attributionControl: false, // the legend holds it, so that the two never cover each other
      locale: { "Map.Title": title },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.listen();
    if (this.home === "") this.waiting = setTimeout(() => this.map.setStyle(this.wholeStyle(), { diff: false }), HOME_MS);
    this.follow();
    this.undo.push(takeCommands(this.commands()));
    this.tell();
  }

  close(): void {
    clearTimeout(this.giveUp);
    clearTimeout(this.waiting);
    for (const undo of this.undo) undo();
    this.map.remove();
  }

  private firstCamera(container: HTMLElement): { center: [number, number]; zoom: number } {
    const { lat, lon, zoom } = picture.view.peek();
    const whole = wholeTheatre(container.clientWidth);
    if (lat === null || lon === null || zoom === null) return whole;
    return { center: [lon, lat], zoom };
  }

  private listen(): void {
    const { map } = this;
    map.on("style.load", () => this.dress());
    map.on("moveend", (event) => this.moved(event.originalEvent !== undefined));
    map.on("zoom", () => this.set({ zoom: map.getZoom() }));
    map.on("click", (event) => this.clicked(event));
    map.on("dblclick", (event) => {
      if (placing.peek() !== null || this.justPlaced(event.originalEvent)) event.preventDefault();
    });
    map.getCanvasContainer().addEventListener("mousedown", (event) => {
      if (this.justPlaced(event)) event.preventDefault(); // the form has the focus now, and keeps it
    });
    map.on("error", (event) => this.failed(event));
    map.on("webglcontextlost", () => {
      this.contextLosses += 1;
      this.set({ rebuilding: true });
      this.giveUp = setTimeout(this.onLost, RESTORE_MS);
    });
    map.on("webglcontextrestored", () => {
      clearTimeout(this.giveUp);
      this.set({ rebuilding: false });
    });
    map.getCanvas().addEventListener("keydown", (event) => this.pressed(event));
    this.set({ zoom: map.getZoom() });
  }

  private wholeStyle(): maplibre.StyleSpecification {
    return styleOf({ home: this.home, theme: this.scene.theme }, location.origin);
  }

  /** After the style was loaded, also anew after a lost context: our layer and its sources. */
  private dress(): void {
    if (this.map.getSource("base") === undefined) return; // blank until it is known where to watch
    void this.map.once("idle", () => (this.begun.value = true));
    try {
      if (this.map.getLayer(this.layer.id) === undefined) this.map.addLayer(this.layer);
    } catch (error) {
      console.error(error); // a driver that cannot take our shaders: the server draws instead
      this.onLost();
      return;
    }
    showGround(this.map, this.scene.sensors);
    this.hideNames();
    this.paint();
  }

  private follow(): void {
    const { scene, map } = this;
    const show = (change: () => void): void => {
      this.undo.push(
        effect(() => {
          change();
          map.triggerRepaint();
        }),
      );
    };
    show(() => scene.takeFrame(picture.tracks.value as Frame | null, this.middle()));
    show(() => void (scene.alarms = picture.alarms.value));
    show(() => scene.takeObjects(picture.objects.value));
    show(() => this.followAhead(picture.placesAhead.value));
    show(() => void (scene.reports = reportMarks(picture.reports.value, picture.replay.value !== null)));
    show(() => void (scene.selection = picture.selection.value));
    show(() => this.followView(picture.view.value));
    this.undo.push(effect(() => this.followHome(picture.system.value?.home ?? "")));
    // Untracked: it writes what it reads, and would ask again and again.
    this.undo.push(
      effect(() => void (this.begun.value && picture.link.value.state === "live" && untracked(() => askGround()))),
    );
    this.followGround();
    const timer = setInterval(() => this.age(), 1000);
    const first = setTimeout(() => (this.begun.value = true), FIRST_MS);
    this.undo.push(() => clearInterval(timer));
    this.undo.push(() => clearTimeout(first));
  }

  private followGround(): void {
    const { scene, map } = this;
    const drawn = { mark: "", zones: zones.peek(), coverage: coverage.peek() };
    this.undo.push(
      effect(() => {
        scene.sensors = picture.sensors.value;
        const next = { mark: reachMark(scene.sensors), zones: zones.value, coverage: coverage.value };
        const same = next.mark === drawn.mark && next.zones === drawn.zones && next.coverage === drawn.coverage;
        Object.assign(drawn, next);
        if (!same && map.isStyleLoaded()) showGround(map, scene.sensors);
        map.triggerRepaint();
      }),
    );
  }

  private followView(view: View): void {
    const { scene, map } = this;
    scene.filters = view.filters;
    scene.profile = view.profile;
    if (scene.theme !== view.theme) {
      scene.theme = view.theme;
      this.paint();
    }
    if (view.lat === null || view.lon === null || view.zoom === null) return;
    const at = map.getCenter();
    const moved =
      Math.abs(at.lat - view.lat) > SHIFT_LEAST_DEG ||
      Math.abs(at.lng - view.lon) > SHIFT_LEAST_DEG ||
      Math.abs(map.getZoom() - view.zoom) > 0.001;
    if (moved && !map.isMoving()) map.jumpTo({ center: [view.lon, view.lat], zoom: view.zoom });
  }

  /** When the system says where it watches, the map goes there, unless it was already moved. */
  private followHome(home: string): void {
    if (home === this.home || home === "") return;
    this.home = home;
    clearTimeout(this.waiting);
    this.map.setStyle(this.wholeStyle(), { diff: false });
    const { lat } = picture.view.peek();
    if (lat === null) this.map.jumpTo(wholeTheatre(this.map.getContainer().clientWidth));
  }

  /** The paint of the theme; the layers stay, so that nothing is fetched anew. */
  private paint(): void {
    const { map } = this;
    for (const layer of layersOf({ home: this.home, theme: this.scene.theme })) {
      if (map.getLayer(layer.id) === undefined) continue;
      for (const [name, value] of Object.entries(layer.paint ?? {})) {
        map.setPaintProperty(layer.id, name as never, value as never);
      }
    }
    map.triggerRepaint();
  }

  private moved(byHand: boolean): void {
    const at = this.map.getCenter();
    if (byHand) this.keep(at.lat, at.lng, this.map.getZoom());
  }

  private keep(lat: number, lon: number, zoom: number): void {
    picture.view.value = { ...picture.view.peek(), lat, lon, zoom };
  }

  private clicked({ point, lngLat, originalEvent }: maplibre.MapMouseEvent): void {
    if (placeAt(lngLat.lat, lngLat.lng)) {
      this.placedMs = originalEvent.timeStamp;
      return;
    }
    if (this.justPlaced(originalEvent)) return;
    const camera = this.layer.camera();
    const [x, y] = [point.x - camera.widthPx / 2, point.y - camera.heightPx / 2];
    picture.selection.value = pick(this.scene, camera, this.layer.visible, x, y);
  }

  /** Whether a click belongs to the one that said a place: a double click says it once. */
  private justPlaced(event: MouseEvent): boolean {
    return event.timeStamp - this.placedMs < DOUBLE_MS;
  }

  /** Places ahead are named by us; the basemap's own names of them would stand under ours. */
  private followAhead(places: typeof picture.placesAhead.value): void {
    this.scene.placesAhead = places;
    const names = namesAhead(places).join("|");
    if (names === this.ahead) return;
    this.ahead = names;
    this.hideNames();
  }

  private hideNames(): void {
    if (this.map.getLayer("places") === undefined) return;
    const hidden = this.ahead === "" ? [] : this.ahead.split("|");
    this.map.setFilter("places", ["!", ["in", ["get", "name"], ["literal", hidden]]]);
  }

  private pressed(event: KeyboardEvent): void {
    const step = event.key === "." ? 1 : event.key === "," ? -1 : 0;
    if (step === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.selectNext(step);
  }

  private failed(event: maplibre.ErrorEvent): void {
    if ("sourceId" in event && event.sourceId === "base" && !this.state.peek().noBasemap) {
      this.set({ noBasemap: true });
      this.map.setLayoutProperty("zone-borders", "visibility", "visible");
    }
    console.warn(event.error.message);
  }

  private age(): void {
    const before = this.scene.staleS;
    this.scene.staleS = staleSeconds();
    if (this.scene.staleS !== before) this.map.triggerRepaint();
  }

  private middle(): { lat: number; lon: number } {
    const { lat, lng } = this.map.getCenter();
    return { lat, lon: lng };
  }

  private selectNext(step: 1 | -1): void {
    const next = neighbour(this.scene, this.layer.camera(), step);
    if (next !== null) picture.selection.value = next;
  }

  private commands(): MapCommands {
    const { map } = this;
    return {
      pan: (east, south) => {
        const camera = this.layer.camera();
        const scale = worldPx(camera.zoom);
        const x = xOf(camera.lon) + (east * camera.widthPx) / scale;
        const y = yOf(camera.lat) + (south * camera.heightPx) / scale;
        this.keep(latOf(y), lonOf(x), camera.zoom);
      },
      zoom: (steps) => {
        const { lat, lon } = this.middle();
        this.keep(lat, lon, Math.min(Math.max(map.getZoom() + steps, LEAST_ZOOM), MOST_ZOOM));
      },
      selectNext: (step) => this.selectNext(step),
      centreOnSelection: () => {
        const place = this.scene.selectedPlace();
        if (place !== null) this.keep(place.lat, place.lon, map.getZoom());
        return place !== null;
      },
      showAll: () => {
        map.jumpTo(wholeTheatre(map.getContainer().clientWidth));
        picture.view.value = { ...picture.view.peek(), lat: null, lon: null, zoom: null };
      },
      centre: () => this.middle(),
      focus: () => map.getCanvas().focus(),
    };
  }

  private set(change: Partial<MapState>): void {
    this.state.value = { ...this.state.peek(), ...change };
  }

  private tell(): void {
    tellFacts({
      renderer: () => rendererOf(this.map.getCanvas()),
      drawn: () => this.layer.drawn,
      shown: () => this.layer.visible.n,
      contextLosses: () => this.contextLosses,
      settled: () => this.map.loaded() && this.layer.drawn > 0 && !this.state.peek().rebuilding,
      placeOf: () => (trackId) => this.placeOf(trackId),
    });
  }

  private placeOf(trackId: string): { x: number; y: number } | null {
    const { frame } = this.scene;
    const row = frame?.rowOf(trackId) ?? -1;
    if (frame === null || row < 0) return null;
    const camera = this.layer.camera();
    const [lat, lon] = [(frame.lat[row] as number) * 1e-7, (frame.lon[row] as number) * 1e-7];
    const at = pixelOf(camera, xOf(lon), yOf(lat));
    const box = this.map.getCanvas().getBoundingClientRect();
    return { x: box.left + camera.widthPx / 2 + at.x, y: box.top + camera.heightPx / 2 + at.y };
  }
}

function wholeTheatre(widthPx: number): { center: [number, number]; zoom: number } {
  const theatre = picture.system.peek()?.theatre ?? { lat_deg: 55, lon_deg: 24.6 };
  return { center: [theatre.lon_deg, theatre.lat_deg], zoom: widthPx > WIDE_PX ? 7.4 : 6.7 };
}

function rendererOf(canvas: HTMLCanvasElement): string {
  const gl = canvas.getContext("webgl2");
  const named = gl?.getExtension("WEBGL_debug_renderer_info");
  if (gl === null || named == null) return "";
  return String(gl.getParameter(named.UNMASKED_RENDERER_WEBGL));
}
