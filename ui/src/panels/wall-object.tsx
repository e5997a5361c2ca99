/** One open object: what may have become of it, how old that is, who owns it, when to decide. */

import type { ObjectView } from "../model/nouns";
import { nowNs } from "../model/picture";
import { isTime } from "../units/times";
import { titleOf } from "../words/served";
import { t } from "../words/say";
import { Deadline, Owner } from "./deadline";
import { choose, openIncident, openTrack } from "./parts/go";
import { LevelMark } from "./parts/level";
import { ageText, distanceText } from "./parts/shown";
import { usePlaceName } from "./place-name";
import { fatesOf, type FatePart } from "./wall-rows";

/** Patterns that tell the four parts apart without their colours. */
const DASHES = { airborne: "", left: "M0 8 8 0", down: "M0 4H8", never_real: "M4 0V8" } as const;

export function WallObject({ object }: { object: ObjectView }) {
  const parts = fatesOf(object);
  const place = usePlaceName(object.lat_deg, object.lon_deg, null);
  const open = (): void => {
    choose("object", object.object_id);
    if (object.incident_id !== null) openIncident(object.incident_id);
    else openTrack(object.track_id);
  };
  return (
    <li class={`wall-object wall-${object.level}`}>
      <button type="button" class="wall-object-head" onClick={open}>
        <LevelMark level={object.level} />
        <strong>{titleOf(object.title)}</strong>
        <span class={`state state-object-${object.state}`}>{t(`object_state.${object.state}`)}</span>
      </button>
      <p class="wall-where">
        {object.state === "lost" ? "? " : ""}
        {place} · {t("wall.radius", { radius: distanceText(object.radius_m) })} ·{" "}
        {isTime(object.last_evidence_ns) && isTime(nowNs.value)
          ? t("wall.evidence", { age: ageText(object.last_evidence_ns) })
          : t("wall.evidence_none")}
      </p>
      <FateBar id={object.object_id} parts={parts} label={labelOf(object, parts)} />
      <p class="wall-owner">
        <Owner name={object.owner} /> <span class="soft">{t("incident.next_decision")}:</span>{" "}
        <Deadline ns={object.next_decision_ns} />
      </p>
    </li>
  );
}

function labelOf(object: ObjectView, parts: readonly FatePart[]): string {
  const of = (fate: FatePart["fate"]): number => parts.find((part) => part.fate === fate)?.percent ?? 0;
  return t("wall.object_label", {
    title: titleOf(object.title),
    airborne: of("airborne"),
    left: of("left"),
    down: of("down"),
    never: of("never_real"),
  });
}

function FateBar({ id, parts, label }: { id: string; parts: readonly FatePart[]; label: string }) {
  const seen = parts.filter((part) => part.percent > 0);
  const pattern = (fate: FatePart["fate"]): string => `fate-${fate}-${id.replace(/\W/g, "")}`;
  return (
    <div class="fate">
      <svg class="fate-bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={label}>
        <defs>
          {seen.map(({ fate }) => (
            <pattern key={fate} id={pattern(fate)} width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="scale(0.25 0.8)">
              <rect class={`fate-${fate}`} width="8" height="8" />
              <path class="fate-dash" d={DASHES[fate]} />
            </pattern>
          ))}
        </defs>
        {seen.map(({ fate, from, percent }) => (
          <rect key={fate} x={from} width={percent} height="10" fill={`url(#${pattern(fate)})`} />
        ))}
      </svg>
      <ul class="fate-words" aria-hidden="true">
        {parts.map(({ fate, percent }) => (
          <li key={fate} class={percent === 0 ? "fate-zero" : ""}>
            <svg class="fate-key" viewBox="0 0 8 8" focusable="false">
              <rect class={`fate-${fate}`} width="8" height="8" />
              <path class="fate-dash" d={DASHES[fate]} />
            </svg>
            {t(`wall.${fate}`)} <b>{percent} %</b>
          </li>
        ))}
      </ul>
    </div>
  );
}
