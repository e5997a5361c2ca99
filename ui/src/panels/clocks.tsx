/** Two clocks: the profile's own large, the other small; standing and marked when frozen. */

import { link, nowNs, replay } from "../model/picture";
import { formatDay, formatLocal, formatOffset, formatZulu, isTime } from "../units/times";
import { t } from "../words/say";
import { profile, zone } from "./parts/shown";

export function Clocks() {
  const ns = nowNs.value;
  if (!isTime(ns)) {
    return (
      <p class="clocks clocks-none" title={t("clock.none")}>
        {"--:--:--"}
      </p>
    );
  }
  const local = (
    <Clock
      text={formatLocal(ns, zone.value)}
      word={t("clock.local")}
      hint={`${formatDay(ns, zone.value)} ${formatOffset(ns, zone.value)}`}
    />
  );
  const zulu = <Clock text={formatZulu(ns)} word={t("clock.zulu")} hint={formatDay(ns, "UTC")} />;
  const first = profile.value.clock === "local";
  const stands = link.value.state !== "live" ? " clocks-frozen" : "";
  const past = replay.value === null ? "" : " clocks-past";
  return (
    <div class={`clocks${stands}${past}`} role="timer" aria-label={t("clock.label")} aria-live="off">
      {first ? local : zulu}
      {first ? zulu : local}
    </div>
  );
}

function Clock({ text, word, hint }: { text: string; word: string; hint: string }) {
  return (
    <span class="clock" title={hint}>
      <span class="clock-time">{text}</span> <span class="clock-word">{word}</span>
    </span>
  );
}
