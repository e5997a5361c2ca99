/** What to trust: who is silent, how old the links are, and whether anything leaves. */

import { sensors, system } from "../model/picture";
import { t } from "../words/say";
import { durationText } from "./parts/shown";
import { countSensors, isBlind, sensorRows } from "./sensor-rows";
import { neverHeard, quietest } from "./wall-rows";

const MOST_NAMES = 6;

export function WallTrust() {
  return (
    <section class="wall-part wall-trust" aria-label={t("wall.trust")} tabIndex={0}>
      <h3>{t("wall.trust")}</h3>
      <SensorTrust />
      <LinkTrust />
      <Channels />
    </section>
  );
}

function SensorTrust() {
  const counts = countSensors(sensors.value.values());
  const blind = sensorRows(sensors.value.values()).filter(isBlind);
  const names = blind.slice(0, MOST_NAMES).map((sensor) => sensor.sensor_id);
  const more = blind.length - names.length;
  return (
    <div class="trust">
      <h4>{t("wall.sensors")}</h4>
      {counts.all === 0 ? (
        <p class="bad">{t("sensors.none")}</p>
      ) : blind.length === 0 ? (
        <p class="good">{t("sensors.all_heard", { n: counts.watched })}</p>
      ) : (
        <p class="bad">
          {t("sensors.blind", { n: blind.length, total: counts.watched })}{" "}
          <b class="trust-names">
            {names.join(", ")}
            {more > 0 ? `, ${t("say.more", { n: more })}` : ""}
          </b>
        </p>
      )}
    </div>
  );
}

function LinkTrust() {
  const said = system.value;
  if (said === null) return null;
  const up = said.links.filter((one) => one.state === "up").length;
  const worst = quietest(said.links);
  const never = neverHeard(said.links);
  const lost = Object.values(said.lost_messages).reduce((a, b) => a + b, 0);
  return (
    <div class="trust">
      <h4>{t("wall.links")}</h4>
      <p>
        <span class={up < said.links.length ? "bad" : "good"}>
          {t("wall.links_up", { up, all: said.links.length })}
        </span>
        {worst === null
          ? null
          : ` · ${t("wall.oldest", { source: worst.source, age: durationText(worst.last_message_age_s ?? 0) })}`}
        {never.length === 0 ? null : (
          <span class="soft"> · {t("wall.never", { sources: never.join(", ") })}</span>
        )}
      </p>
      <p class={lost > 0 ? "bad" : ""}>{lost > 0 ? t("wall.lost_messages", { n: lost }) : t("wall.lost_none")}</p>
      <p class={said.well ? "good" : "bad"}>
        {said.well ? (
          t("wall.well")
        ) : (
          <>
            <strong>{t("link.unwell")}</strong> <span lang="en">{said.text}</span>
          </>
        )}
      </p>
    </div>
  );
}

function Channels() {
  const channels = system.value?.channels ?? [];
  return (
    <div class="trust">
      <h4>{t("wall.channels")}</h4>
      {channels.length === 0 ? (
        <p class="bad">
          <strong>{t("wall.nothing_leaves")}</strong> {t("wall.nothing_leaves.text")}
        </p>
      ) : (
        <ul class="plain">
          {channels.map((channel) => (
            <li key={channel.name}>
              {channel.name}: <strong>{t(`wall.channel.${channel.state}`)}</strong>{" "}
              <small>{t(`wall.channel.${channel.state}.text`)}</small>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
