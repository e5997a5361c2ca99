/** Why there is no track on the map: an empty map and a blind one must not look alike. */

import { computed } from "@preact/signals";
import { trackCounts } from "./filters";
import type { SensorView } from "./nouns";
import { link, objects, replay, sensors, session, tracks } from "./picture";

export type Emptiness =
  | { why: "no_link" | "waiting" | "no_sensors" | "partner" | "replay" }
  | { why: "filtered" | "blind" | "nothing"; n: number }
  | { why: "half_blind"; n: number; all: number };

/** The reason; null while there is something to see. */
export const emptiness = computed<Emptiness | null>(() => {
  const frame = tracks.value;
  const counts = trackCounts.value;
  if (frame !== null && counts.total > counts.hidden) return null;
  if ([...objects.value.values()].some((one) => one.state === "lost")) return null;
  if (frame === null) return { why: link.value.state === "live" ? "waiting" : "no_link" };
  if (counts.total > 0) return { why: "filtered", n: counts.total };
  if (replay.value !== null) return { why: "replay" };
  if (session.value?.role === "partner") return { why: "partner" };
  return whyNoTrack([...sensors.value.values()]);
});

/** What the sensors say of there being no track. */
export function whyNoTrack(all: readonly SensorView[]): Emptiness {
  const watching = all.filter((one) => one.silence_counts);
  if (watching.length === 0) return { why: "no_sensors" };
  const heard = watching.filter((one) => one.state === "speaking" || one.state === "degraded").length;
  if (heard === 0) return { why: "blind", n: watching.length };
  if (heard < watching.length) {
    return { why: "half_blind", n: watching.length - heard, all: watching.length };
  }
  return { why: "nothing", n: heard };
}
