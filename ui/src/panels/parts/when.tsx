/** A moment with both of its clocks: the profile's own large, the other small. */

import { isTime } from "../../units/times";
import { t } from "../../words/say";
import { ageText, bothTimes, otherTimeText, timeText } from "./shown";

export function When({ ns, seconds = true }: { ns: number | null | undefined; seconds?: boolean }) {
  if (!isTime(ns)) return <span class="when">{t("say.unknown")}</span>;
  return (
    <time class="when" dateTime={new Date(ns / 1e6).toISOString()}>
      {timeText(ns, seconds)} <small class="when-other">{otherTimeText(ns, seconds)}</small>
    </time>
  );
}

/** One clock; the other on hovering. */
export function ShortWhen({ ns, seconds = true }: { ns: number | null | undefined; seconds?: boolean }) {
  if (!isTime(ns)) return <span class="when">{t("say.unknown")}</span>;
  return (
    <time class="when" dateTime={new Date(ns / 1e6).toISOString()} title={bothTimes(ns)}>
      {timeText(ns, seconds)}
    </time>
  );
}

export function Ago({ ns }: { ns: number | null | undefined }) {
  return <span class="ago">{isTime(ns) ? t("say.ago", { age: ageText(ns) }) : t("say.unknown")}</span>;
}
