/** What is shown of a report: when, by whom heard, where, whither, through whom. No name, no words. */

import type { ReportView } from "../model/nouns";
import { compassOf } from "../units/quantities";
import { t } from "../words/say";
import { distanceText, durationText, positionText } from "./parts/shown";
import { When } from "./parts/when";
import { usePlaceName } from "./place-name";
import { toldLateS } from "./report-rows";

export function ReportFacts({ report }: { report: ReportView }) {
  const place = usePlaceName(report.lat_deg, report.lon_deg, null);
  const late = toldLateS(report);
  const direction = report.course_deg === null ? null : compassOf(report.course_deg);
  return (
    <dl class="facts">
      <dt>{t("reports.heard")}</dt>
      <dd>
        <When ns={report.heard_ns} seconds={false} />
      </dd>
      <dt>{t("reports.received")}</dt>
      <dd>
        <When ns={report.received_ns} seconds={false} />
        {late === null ? null : <strong> {t("reports.late", { late: durationText(late) })}</strong>}
      </dd>
      <dt>{t("reports.hand")}</dt>
      <dd>{t(report.first_hand ? "reports.hand.first" : "reports.hand.relayed")}</dd>
      <dt>{t("reports.where")}</dt>
      <dd>
        {place === "" ? null : <>{place} · </>}
        <span class="coordinates">{positionText(report.lat_deg, report.lon_deg)}</span> ·{" "}
        {t("track.error_value", { radius: distanceText(report.radius_m) })}
      </dd>
      <dt>{t("reports.direction")}</dt>
      <dd>
        {direction === null
          ? t("reports.direction_none")
          : t("report.course_to", { compass: t(`compass.${direction}`) })}
      </dd>
      <dt>{t("reports.source")}</dt>
      <dd>{report.sensor_id}</dd>
    </dl>
  );
}

/** The bubble of the map: filled first-hand, hollow and dashed where somebody passed it on. */
export function HandSign({ firstHand }: { firstHand: boolean }) {
  return (
    <svg class={firstHand ? "hand-sign" : "hand-sign hand-relayed"} viewBox="-10 -10 20 21" aria-hidden="true" focusable="false">
      <path d="M-8 -8H8V4H0L-5 9V4H-8Z" />
    </svg>
  );
}

/** "First hand", or "second hand", with its sign. */
export function Hand({ firstHand }: { firstHand: boolean }) {
  return (
    <span class="hand">
      <HandSign firstHand={firstHand} /> {t(firstHand ? "reports.first" : "reports.second")}
    </span>
  );
}
