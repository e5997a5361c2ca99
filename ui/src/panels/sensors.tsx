/** Sensors, the worst first. Silent is not "nothing there": the panel keeps the two words apart. */

import type { SensorView } from "../model/nouns";
import { nowNs, replay, selection, sensors, session, system } from "../model/picture";
import { useRoving } from "../keys/roving";
import { formatNumber } from "../units/numbers";
import { decimalMark, t, tWord } from "../words/say";
import { centreOn, choose } from "./parts/go";
import { ageText, distanceText, durationText, timeText } from "./parts/shown";
import { Stale } from "./parts/stale";
import { countSensors, isBlind, sensorRows, sensorWord, type SensorWord } from "./sensor-rows";
import "./sensors.css";

const CLOCK_MATTERS_S = 0.5;

export function Sensors() {
  const rows = sensorRows(sensors.value.values());
  const roving = useRoving(rows.map((sensor) => sensor.sensor_id));
  return (
    <section class="panel sensors" aria-label={t("sensors.title")}>
      <h2 class="unseen">{t("sensors.title")}</h2>
      <Stale />
      <Summary />
      {rows.length === 0 ? null : (
        <p class="sensor-columns" aria-hidden="true">
          <span class="sensor-age">{t("sensors.column_heard")}</span>
          <span class="sensor-age">{t("sensors.column_detected")}</span>
        </p>
      )}
      {rows.length === 0 ? null : (
        <ul
          class="sensor-list"
          aria-label={t("sensors.list")}
          ref={(list) => {
            roving.list.current = list;
          }}
          onKeyDown={roving.onKeyDown}
        >
          {rows.map((sensor) => (
            <SensorRow key={sensor.sensor_id} sensor={sensor} stop={roving.row(sensor.sensor_id)} />
          ))}
        </ul>
      )}
      <p class="soft">{t("sensors.legend")}</p>
      <Links />
    </section>
  );
}

function Summary() {
  const counts = countSensors(sensors.value.values());
  if (counts.all === 0) {
    const partner = (session.value?.clearance ?? "") !== "";
    return <p class="empty">{t(partner ? "sensors.none_partner" : "sensors.none")}</p>;
  }
  if (counts.blind === 0) return <p class="good">{t("sensors.all_heard", { n: counts.watched })}</p>;
  return <p class="bad">{t("sensors.blind", { n: counts.blind, total: counts.watched })}</p>;
}

function SensorRow({ sensor, stop }: { sensor: SensorView; stop: object }) {
  const word = sensorWord(sensor);
  const chosen = selection.value?.kind === "sensor" && selection.value.id === sensor.sensor_id;
  const press = (): void => {
    choose("sensor", sensor.sensor_id);
    if (chosen) centreOn(sensor.lat_deg, sensor.lon_deg);
  };
  return (
    <li class={`sensor sensor-${word}${isBlind(sensor) ? " sensor-blind" : ""}${chosen ? " sensor-chosen" : ""}`}>
      <button type="button" class="sensor-head" aria-pressed={chosen} onClick={press} {...stop}>
        <strong class="sensor-name">{sensor.sensor_id}</strong>
        <span class="sensor-kind">{t(`kind.${sensor.kind}`)}</span>
        <strong class="sensor-word">{t(`sensor.${word}`)}</strong>
        {isCalm(word) ? <Ages sensor={sensor} /> : null}
      </button>
      {isCalm(word) && !chosen ? null : (
        <p>
          {wordText(sensor)} {chosen || !isCalm(word) ? detectedText(sensor) : ""}
        </p>
      )}
      <Extras sensor={sensor} chosen={chosen} />
    </li>
  );
}

/** How long ago it was heard, and how long ago it detected anything: two different things. */
function Ages({ sensor }: { sensor: SensorView }) {
  const heard = sensor.last_heard_ns === null ? "–" : ageText(sensor.last_heard_ns);
  const detected = sensor.last_detected_ns === null ? "–" : ageText(sensor.last_detected_ns);
  return (
    <>
      <span class="sensor-age">
        <span class="unseen">{t("sensors.column_heard")} </span>
        {heard}
      </span>
      <span class="sensor-age">
        <span class="unseen">{t("sensors.column_detected")} </span>
        {replay.value === null ? detected : ""}
      </span>
    </>
  );
}

/** When it detected something last; of the past nobody kept it. */
function detectedText(sensor: SensorView): string {
  if (replay.value !== null) return "";
  const ns = sensor.last_detected_ns;
  if (ns === null) return t("sensor.detected_none");
  return t("sensor.detected", { time: timeText(ns), age: ageText(ns) });
}

/** Whether its row may be one line: nothing is wrong with it. */
function isCalm(word: SensorWord): boolean {
  return word === "speaking" || word === "quiet";
}

function wordText(sensor: SensorView): string {
  const age = ageText(sensor.last_heard_ns);
  const word = sensorWord(sensor);
  if (word === "silent") {
    return t("sensor.silent.text", { time: timeText(sensor.last_heard_ns), age });
  }
  if (word === "quiet") {
    return sensor.last_heard_ns === null ? t("sensor.quiet.text") : t("sensor.quiet_since.text", { age });
  }
  if (word === "speaking" && !sensor.silence_counts) return t("sensor.quiet_since.text", { age });
  if (word === "speaking" || word === "degraded") return t(`sensor.${word}.text`, { age });
  return t(`sensor.${word}.text`);
}

/** Lost messages, unreadable ones, a wrong clock: always. Source and reach: of the chosen one. */
function Extras({ sensor, chosen }: { sensor: SensorView; chosen: boolean }) {
  const bad: string[] = [];
  if (sensor.lost_messages > 0) bad.push(t("sensor.lost", { n: sensor.lost_messages }));
  if (sensor.rejects > 0) bad.push(t("sensor.rejects", { n: sensor.rejects }));
  if (Math.abs(sensor.clock_error_s ?? 0) > CLOCK_MATTERS_S) {
    bad.push(t("sensor.clock", { seconds: formatNumber(sensor.clock_error_s ?? 0, 1, decimalMark()) }));
  }
  const more: string[] = [];
  if (chosen) {
    more.push(t("sensor.source", { source: sensor.source }));
    more.push(t("sensor.link", { state: tWord("link_state", sensor.link_state) }));
    if (sensor.max_range_m !== null) more.push(t("sensor.reach", { distance: distanceText(sensor.max_range_m) }));
    if (sensor.heartbeat_s !== null && sensor.silence_counts) {
      more.push(t("sensor.heartbeat", { period: durationText(sensor.heartbeat_s) }));
    }
  }
  return (
    <>
      {bad.length === 0 ? null : <p class="bad">{bad.join(" · ")}</p>}
      {more.length === 0 ? null : <p class="soft">{more.join(" · ")}</p>}
      {chosen && sensor.text !== "" ? (
        <p class="soft" lang="en">
          {sensor.text}
        </p>
      ) : null}
    </>
  );
}

function Links() {
  const links = system.value?.links ?? [];
  void nowNs.value; // ages grow with the clock of the picture
  return (
    <div class="part">
      <h3>{t("links.title")}</h3>
      {links.length === 0 ? <p class="soft">{t("links.none")}</p> : null}
      <ul class="link-list">
        {links.map((one) => (
          <li key={one.source} class={one.state === "up" ? "" : "bad"}>
            <strong>{one.source}</strong> {tWord("link_state", one.state)} ·{" "}
            {one.last_message_age_s === null
              ? t("links.never")
              : t("links.age", { age: durationText(one.last_message_age_s) })}{" "}
            · {t("links.messages", { n: one.messages })}
            {one.rejects > 0 ? ` · ${t("links.rejects", { n: one.rejects })}` : ""}
            {one.text === "" ? null : <span lang="en"> · {one.text}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
