/** Why an alarm was raised: down to the source, the number in the capture, the place in its bytes. */

import type { AlarmWhy } from "../model/nouns";
import { alarms } from "../model/picture";
import { t } from "../words/say";
import { useAnswer } from "./parts/asking-server";
import { Dialog } from "./parts/dialog";
import { faultText } from "./parts/faults";

interface WhyProps {
  readonly alarmId: string;
  readonly title: string;
  readonly onClose: () => void;
}

export function WhyDialog({ alarmId, title, onClose }: WhyProps) {
  const revision = alarms.value.get(alarmId)?.revision ?? 0;
  const why = useAnswer<AlarmWhy>(`alarms/${encodeURIComponent(alarmId)}/why`, revision);
  return (
    <Dialog title={`${t("why.title")}: ${title}`} onClose={onClose} wide>
      <p class="soft">{t("why.text")}</p>
      {why.error === null ? null : <p class="fault">{faultText(why.error)}</p>}
      {why.value === null && why.asking ? <p class="soft">{t("say.loading")}</p> : null}
      {why.value?.lines.length === 0 ? <p>{t("why.none")}</p> : null}
      {why.value === null || why.value.lines.length === 0 ? null : (
        <pre class="why-lines" lang="en" tabIndex={0}>
          {why.value.lines.join("\n")}
        </pre>
      )}
    </Dialog>
  );
}
