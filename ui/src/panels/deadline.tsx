/** The next decision as a countdown; overdue and "no time set" are alarming words. */

import { nowNs } from "../model/picture";
import { formatCountdown } from "../units/times";
import { t } from "../words/say";
import { deadlineOf } from "./incident-rows";
import { bothTimes, durationText } from "./parts/shown";

export function Deadline({ ns }: { ns: number | null | undefined }) {
  const deadline = deadlineOf(ns, nowNs.value);
  if (deadline.kind === "none") {
    return (
      <strong class="deadline deadline-none" title={t("incident.next_none_text")}>
        {t("incident.next_none")}
      </strong>
    );
  }
  const hint = bothTimes(ns ?? 0);
  if (deadline.kind === "overdue") {
    return (
      <strong class="deadline deadline-overdue" title={hint}>
        {t("incident.next_due", { late: durationText(-deadline.s) })}
      </strong>
    );
  }
  return (
    <span class={`deadline deadline-${deadline.kind}`} title={hint}>
      {t("incident.next_in", { left: formatCountdown(deadline.s) })}
    </span>
  );
}

/** Who owns it, or that nobody does. */
export function Owner({ name }: { name: string }) {
  if (name !== "") return <span class="owner">{t("incident.owned_by", { name })}</span>;
  return (
    <strong class="owner owner-none" title={t("incident.no_owner_text")}>
      {t("incident.no_owner")}
    </strong>
  );
}
