/** Banners that cannot be missed: that nothing of it is real, and that it is the past. */

import { liveAlarms, nowNs, replay, system, tracks } from "../model/picture";
import { closeReplay } from "../model/replaying";
import { useKey } from "../keys/listen";
import { formatNumber } from "../units/numbers";
import { isTime } from "../units/times";
import { decimalMark, t } from "../words/say";
import { countOpen } from "./alarm-rows";
import { modeOf } from "./mode";
import { timeText } from "./parts/shown";

export function Modes() {
  return (
    <>
      <ModeBanner />
      <PastBanner />
    </>
  );
}

function ModeBanner() {
  const said = system.value;
  const mode = modeOf(said, tracks.value?.simulated ?? false);
  if (mode === "live") return null;
  const factor = said?.speed_factor ?? 1;
  return (
    <p class={`banner banner-unreal banner-${mode}`} role="note">
      <strong>{t(`mode.${mode}`)}</strong>
      <span class="banner-text">{t(`mode.${mode}.text`)}</span>
      {factor === 1 ? null : (
        <span class="banner-pace">
          {t("mode.pace", { factor: formatNumber(factor, factor % 1 === 0 ? 0 : 1, decimalMark()) })}
        </span>
      )}
      <strong class="banner-end" aria-hidden="true">
        {t(`mode.${mode}`)}
      </strong>
    </p>
  );
}

function PastBanner() {
  const past = replay.value;
  useKey("live", () => {
    if (replay.value === null) return false;
    closeReplay();
    return true;
  });
  if (past === null) return null;
  const waiting = countOpen(liveAlarms.value.values()).waiting;
  const now = system.value?.time_ns ?? 0;
  return (
    <p class="banner banner-past" role="alert">
      <strong>{t("replay.banner")}</strong>
      <span class="banner-text">
        {t("replay.banner_text", {
          time: timeText(nowNs.value),
          now: isTime(now) ? timeText(now) : t("say.unknown"),
        })}
      </span>
      {waiting > 0 ? <strong class="banner-now">{t("counts.waiting", { n: waiting })}</strong> : null}
      <button type="button" class="banner-button" onClick={closeReplay}>
        {t("replay.to_live")}
      </button>
    </p>
  );
}
