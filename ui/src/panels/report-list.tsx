/** Reports of the last hours, the one heard last first; the chosen one with all that is shown of it. */

import type { ReportView } from "../model/nouns";
import { may, replay, reports, selection } from "../model/picture";
import { useKey } from "../keys/listen";
import { useRoving } from "../keys/roving";
import { t } from "../words/say";
import { centreOn, choose } from "./parts/go";
import { durationText } from "./parts/shown";
import { Ago, ShortWhen } from "./parts/when";
import { usePlaceName } from "./place-name";
import { HandSign, ReportFacts } from "./report-facts";
import { reportRows, toldLateS } from "./report-rows";

export function ReportList() {
  const rows = reportRows(reports.value.values());
  const roving = useRoving(rows.map((one) => one.report_id));
  if (!may("reports.read")) return <p class="empty">{t("reports.none_partner")}</p>;
  if (replay.value !== null) return <p class="empty">{t("reports.past")}</p>;
  if (rows.length === 0) return <p class="empty">{t("reports.none")}</p>;
  return (
    <>
      <ol
        class="plain report-list"
        aria-label={t("reports.list")}
        ref={(list) => {
          roving.list.current = list;
        }}
        onKeyDown={roving.onKeyDown}
      >
        {rows.map((one) => (
          <Row key={one.report_id} report={one} stop={roving.row(one.report_id)} />
        ))}
      </ol>
      <p class="soft">{t("reports.privacy")}</p>
    </>
  );
}

function Row({ report, stop }: { report: ReportView; stop: object }) {
  const chosen = selection.value?.kind === "report" && selection.value.id === report.report_id;
  const place = usePlaceName(report.lat_deg, report.lon_deg, null);
  const late = toldLateS(report);
  return (
    <li class={chosen ? "report-row report-chosen" : "report-row"}>
      <button
        type="button"
        class="report-head"
        aria-expanded={chosen}
        onClick={() => (chosen ? (selection.value = null) : choose("report", report.report_id))}
        {...stop}
      >
        <strong>
          <ShortWhen ns={report.heard_ns} seconds={false} />
        </strong>
        <HandSign firstHand={report.first_hand} />
        <span class="report-what">
          <b>{t(report.first_hand ? "reports.first" : "reports.second")}</b> · {place}
          {late === null ? null : <> · {t("reports.late", { late: durationText(late) })}</>}
        </span>
        <Ago ns={report.heard_ns} />
      </button>
      {chosen ? <Chosen report={report} /> : null}
    </li>
  );
}

function Chosen({ report }: { report: ReportView }) {
  const show = (): void => centreOn(report.lat_deg, report.lon_deg);
  useKey("centre", show);
  return (
    <>
      <ReportFacts report={report} />
      <div class="acts">
        <button type="button" class="act" onClick={show}>
          {t("say.show_on_map")}
        </button>
      </div>
    </>
  );
}
