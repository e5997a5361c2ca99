/** Parts of one track: border, contributors, loss, alarms, history, reasons. */

import type { Approach, Contributor, HistoryPoint, Loss as LossNoun } from "../model/nouns";
import { alarms, nowNs, replay, tracks } from "../model/picture";
import { formatPercent } from "../units/numbers";
import { titleOf, stateName } from "../words/served";
import { t } from "../words/say";
import { byGravity, isOpen } from "./alarm-rows";
import { SPARK_HEIGHT, SPARK_WIDTH, sparkOf } from "./history-spark";
import { choose, openPanel } from "./parts/go";
import { LevelMark } from "./parts/level";
import { ageText, distanceText, durationText, heightText, positionText, timeText } from "./parts/shown";

/** When it crosses the border; the frame's own numbers where the server's answer has none. */
export function Border({ approach, id }: { approach: Approach | null; id: string }) {
  const now = nowNs.value;
  if (approach !== null && approach.crossing_ns > now) {
    return (
      <>
        {stateName(approach.border)}: {crossing(approach.crossing_ns, approach.probability)}{" "}
        <small>
          {t("track.border_span", {
            from: timeText(approach.crossing_from_ns),
            to: timeText(approach.crossing_to_ns),
          })}
        </small>
      </>
    );
  }
  const frame = tracks.value;
  const row = frame === null ? -1 : frame.rowOf(id);
  const s = frame === null || row < 0 ? Number.NaN : (frame.borderS[row] ?? Number.NaN);
  if (frame === null || Number.isNaN(s)) return <>{t("track.border_none")}</>;
  return <>{crossing(Number(frame.timeNs) + s * 1e9, frame.borderProbability[row] ?? Number.NaN)}</>;
}

function crossing(ns: number, p: number): string {
  const minutes = durationText((ns - nowNs.value) / 1e9);
  return t("track.border_in", { time: timeText(ns), minutes, p: formatPercent(p) });
}

export function Contributors({ named }: { named: readonly Contributor[] }) {
  if (named.length === 0) return <>{t("track.contributors_none")}</>;
  return (
    <ul class="plain">
      {named.map((one) => (
        <li key={one.sensor_id}>
          <button type="button" class="link" onClick={() => openSensor(one.sensor_id)}>
            {t("track.contributor", { sensor: one.sensor_id, age: ageText(one.time_ns) })}
          </button>
        </li>
      ))}
    </ul>
  );
}

function openSensor(id: string): void {
  choose("sensor", id);
  openPanel("sensors");
}

/** A lost track is an area with a question mark, never a point. */
export function Loss({ loss, state }: { loss: LossNoun | null; state: string }) {
  if (loss === null || state !== "lost") return null;
  return (
    <p class="loss">
      {t("track.lost_area", {
        time: timeText(loss.last_seen_ns),
        place: positionText(loss.lat_deg, loss.lon_deg),
        radius: distanceText(loss.radius_m),
      })}{" "}
      {t("track.lost_crossing", { state: stateName(loss.border), p: formatPercent(loss.p_crossing) })}
    </p>
  );
}

export function TrackAlarms({ id }: { id: string }) {
  const naming = [...alarms.value.values()]
    .filter((alarm) => alarm.track_ids?.includes(id) === true && isOpen(alarm))
    .sort(byGravity);
  return (
    <div class="part">
      <h3>{t("track.alarms")}</h3>
      {naming.length === 0 ? <p class="soft">{t("track.alarms_none")}</p> : null}
      <ul class="plain">
        {naming.map((alarm) => (
          <li key={alarm.alarm_id}>
            <button
              type="button"
              class="link"
              onClick={() => {
                choose("alarm", alarm.alarm_id);
                openPanel("alarms");
              }}
            >
              <LevelMark level={alarm.level} /> {titleOf(alarm.title)} · {t(`alarm_state.${alarm.state}`)}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Heights over time; up to the moment that is shown, when it is the past. */
export function History({ points }: { points: readonly HistoryPoint[] }) {
  const spark = sparkOf(points, replay.value?.atNs);
  const first = points[0];
  if (first === undefined) return <p class="soft">{t("track.history_none")}</p>;
  const fields = { n: points.length, from: timeText(first.time_ns, false) };
  const text =
    spark.lowM === null || spark.highM === null
      ? t("track.history_no_height", fields)
      : t("track.history_text", { ...fields, low: heightText(spark.lowM), high: heightText(spark.highM) });
  const gaps = spark.gaps === 0 ? "" : ` · ${t("track.history_gap", { n: spark.gaps })}`;
  return (
    <div class="part">
      <h3>{t("track.history")}</h3>
      {spark.path === "" && spark.dots.length === 0 ? null : (
        <svg
          class="spark"
          viewBox={`0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`}
          role="img"
          aria-label={text}
          preserveAspectRatio="none"
        >
          <path d={spark.path} />
          {spark.dots.map(([x, y]) => (
            <circle key={x} cx={x} cy={y} r="2" />
          ))}
        </svg>
      )}
      <p class="soft">
        {text}
        {gaps}
      </p>
    </div>
  );
}

export function Why({ lines }: { lines: readonly string[] }) {
  return (
    <div class="part">
      <h3>{t("track.why")}</h3>
      {lines.length === 0 ? (
        <p class="soft">{t("track.why_none")}</p>
      ) : (
        <ul class="why" lang="en">
          {lines.map((line, i) => (
            <li key={i}>{line}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
