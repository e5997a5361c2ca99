/** When it was: typed in local time, echoed in Zulu, never in the future. */

import { useId } from "preact/hooks";
import { nowNs } from "../model/picture";
import { formatDuration, formatLocal, formatZulu } from "../units/times";
import type { TypedTime } from "../units/typed-time";
import { t } from "../words/say";
import { zone } from "./parts/shown";

interface TimeProps {
  readonly typed: string;
  readonly day: "auto" | "today" | "yesterday";
  readonly read: TypedTime;
  readonly onType: (typed: string) => void;
  readonly onDay: (day: "today" | "yesterday") => void;
}

export function TimeField({ typed, day, read, onType, onDay }: TimeProps) {
  const id = useId();
  const bad = read.kind === "unreadable" || read.kind === "future" || read.kind === "skipped";
  return (
    <div class="field">
      <label for={id}>{t("report.when")}</label>
      <input
        id={id}
        type="text"
        inputMode="numeric"
        autocomplete="off"
        placeholder={t("report.when_hint")}
        aria-invalid={bad}
        aria-describedby={`${id}-said`}
        value={typed}
        onInput={(event) => onType(event.currentTarget.value)}
      />
      <p id={`${id}-said`} class={bad ? "bad" : "echo"} aria-live="polite">
        {echoOf(read)}
      </p>
      {read.kind === "future" && day !== "yesterday" ? (
        <button type="button" class="act" onClick={() => onDay("yesterday")}>
          {t("report.when_yesterday_button")}
        </button>
      ) : null}
      {read.kind === "time" && read.yesterday ? (
        <button type="button" class="act" onClick={() => onDay("today")}>
          {t("report.when_today_button")}
        </button>
      ) : null}
    </div>
  );
}

function echoOf(read: TypedTime): string {
  const now = nowNs.value;
  const both = (ns: number): { local: string; zulu: string } => ({
    local: formatLocal(ns, zone.value),
    zulu: formatZulu(ns),
  });
  switch (read.kind) {
    case "now":
      return t("report.when_now", both(now));
    case "unreadable":
      return t("report.when_unreadable");
    case "skipped":
      return t("report.when_skipped");
    case "future":
      return t("report.when_future", {
        local: formatLocal(read.ns, zone.value, false),
        now: formatLocal(now, zone.value, false),
      });
    case "time": {
      const age = formatDuration(Math.max(0, (now - read.ns) / 1e9));
      const text = t(read.yesterday ? "report.when_yesterday" : "report.when_time", { ...both(read.ns), age });
      return read.twice ? `${text} ${t("report.when_twice")}` : text;
    }
  }
}
