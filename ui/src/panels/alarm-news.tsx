/** Says new alarms to readers of screens: warnings at once, the rest when there is a pause. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Alarm, Level } from "../model/nouns";
import { liveAlarms } from "../model/picture";
import { titleOf } from "../words/served";
import { t } from "../words/say";
import { byGravity } from "./alarm-rows";

const MOST_SAID = 3;

interface News {
  readonly urgent: string;
  readonly rest: string;
}

export function AlarmNews() {
  const known = useRef<ReadonlyMap<string, string> | null>(null);
  const [news, setNews] = useState<News>({ urgent: "", rest: "" });
  const now = liveAlarms.value;
  useEffect(() => {
    const fresh = freshOf(known.current, now);
    if (now.size > 0 || known.current !== null) {
      known.current = new Map([...now].map(([id, alarm]) => [id, mark(alarm)]));
    }
    if (fresh.length === 0) return;
    const say = (levels: readonly Level[]): string =>
      fresh
        .filter((alarm) => levels.includes(alarm.level))
        .slice(0, MOST_SAID)
        .map(newsText)
        .join(" ");
    setNews({ urgent: say(["warning"]), rest: say(["caution", "advisory"]) });
  }, [now]);
  return (
    <div class="unseen">
      <div role="alert" aria-live="assertive">
        {news.urgent}
      </div>
      <div role="status" aria-live="polite">
        {news.rest}
      </div>
    </div>
  );
}

const mark = (alarm: Alarm): string => `${alarm.level}/${alarm.state}`;

function freshOf(known: ReadonlyMap<string, string> | null, now: ReadonlyMap<string, Alarm>): Alarm[] {
  const raised = [...now.values()].filter((alarm) => alarm.state === "raised");
  const fresh =
    known === null
      ? raised.filter((alarm) => alarm.level === "warning")
      : raised.filter((alarm) => known.get(alarm.alarm_id) !== mark(alarm));
  return fresh.sort(byGravity);
}

function newsText(alarm: Alarm): string {
  return t("alarms.news", {
    level: t(`level.${alarm.level}`),
    title: titleOf(alarm.title),
    text: alarm.text,
  });
}
