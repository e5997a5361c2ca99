/** Over each panel that shows the picture: how old it is, when it is not from now. */

import { link, replay } from "../../model/picture";
import { isTime } from "../../units/times";
import { t } from "../../words/say";
import { durationText, timeText } from "./shown";
import { useSeconds } from "./seconds";

export function Stale() {
  const state = link.value.state;
  if (state === "live") {
    const past = replay.value;
    if (past === null) return null;
    return <p class="stale stale-past">{t("stale.replay", { time: timeText(past.atNs) })}</p>;
  }
  return <OldBand />;
}

function OldBand() {
  useSeconds(); // the link's age goes by the browser: nobody else can tell it now
  const { state, frozenAtNs, sinceMs } = link.value;
  if (!isTime(frozenAtNs)) return <p class="stale">{t("stale.never")}</p>;
  const time = timeText(frozenAtNs);
  if (state === "signed_out") return <p class="stale">{t("stale.signed_out", { time })}</p>;
  const age = durationText((Date.now() - sinceMs) / 1000);
  return <p class="stale">{t("stale.lost", { time, age })}</p>;
}
