/** Over the map: the report that was chosen there. */

import { replay, reports, selection, view } from "../model/picture";
import type { ReportView } from "../model/nouns";
import { useKey } from "../keys/listen";
import { isTyping } from "../keys/shortcuts";
import { t } from "../words/say";
import { centreOn } from "./parts/go";
import { Hand, ReportFacts } from "./report-facts";
import { reportPart } from "./report-part";
import "./report.css";

export function ReportCard() {
  const chosen = selection.value;
  if (chosen?.kind !== "report" || replay.value !== null) return null;
  if (view.value.panel === "report" && reportPart.value === "list") return null; // the list shows it
  const report = reports.value.get(chosen.id);
  return report === undefined ? null : <Card key={report.report_id} report={report} />;
}

function Card({ report }: { report: ReportView }) {
  const close = (): void => {
    selection.value = null;
  };
  useKey("close", () => {
    if (isTyping(document.activeElement as HTMLInputElement | null)) return false;
    close();
    return true;
  });
  useKey("centre", () => centreOn(report.lat_deg, report.lon_deg));
  return (
    <section class="report-card panel" aria-label={t("reports.one")} aria-live="polite">
      <div class="report-card-head">
        <strong>{t("reports.one")}</strong>
        <Hand firstHand={report.first_hand} />
        <button type="button" class="act" title={t("say.close_key")} onClick={close}>
          {t("say.close")}
        </button>
      </div>
      <ReportFacts report={report} />
      <p class="soft">{t("reports.privacy")}</p>
    </section>
  );
}
