/** One row of the alarm list: level, title, age, text, who handled it, and what can be done. */

import type { Alarm } from "../model/nouns";
import { incidents, selection } from "../model/picture";
import type { Roving } from "../keys/roving";
import { formatPercent } from "../units/numbers";
import { titleOf } from "../words/served";
import { t } from "../words/say";
import { ALARM_ACTS, type AlarmAct, actOn, isOffered, subjectsOf } from "./alarm-acts";
import type { AlarmRow } from "./alarm-rows";
import { foldsOpen, toggleFold } from "./folds";
import { Button } from "./parts/button";
import { centreOn, choose, openIncident, openTrack } from "./parts/go";
import { LevelMark } from "./parts/level";
import { timeText } from "./parts/shown";
import { Ago, ShortWhen } from "./parts/when";
import { whyNoLink, whyNot } from "./parts/why-not";

interface EntryProps {
  readonly row: AlarmRow;
  readonly roving: Roving | null;
  /** The row that it is a part of. */
  readonly within?: string;
}

export function AlarmEntry({ row, roving, within }: EntryProps) {
  const alarm = row.head;
  const id = within === undefined ? row.id : `${within}>${row.id}`;
  const chosen = selection.value?.kind === "alarm" && selection.value.id === alarm.alarm_id;
  const open = row.kind !== "one" && foldsOpen.value.has(row.id);
  const press = (): void => {
    choose("alarm", alarm.alarm_id);
    if (row.kind !== "one") toggleFold(row.id);
  };
  return (
    <li
      class={`alarm alarm-${alarm.level} alarm-${alarm.state}${chosen ? " alarm-chosen" : ""}`}
      data-alarm={row.kind === "fold" ? row.id : alarm.alarm_id}
    >
      <button
        type="button"
        class={`alarm-head head-${alarm.level}`}
        aria-expanded={row.kind === "one" ? undefined : open}
        aria-pressed={row.kind === "one" ? chosen : undefined}
        onClick={press}
        {...(roving === null ? {} : roving.row(id))}
      >
        <LevelMark level={alarm.level} />
        <span class="alarm-title">{headText(row)}</span>
        <ShortWhen ns={alarm.raised_ns} seconds={false} />
      </button>
      <p class="alarm-text">{alarm.text}</p>
      <div class="alarm-foot">
        <Handling alarm={alarm} />
        <Acts row={row} chosen={chosen} />
      </div>
      {row.kind === "raid" && row.parts.length > 0 ? (
        <button type="button" class="fold-button" aria-expanded={open} onClick={() => toggleFold(row.id)}>
          {t("alarms.raid_parts", { n: row.parts.length })}: {t(open ? "alarms.fold_close" : "alarms.fold_open")}
        </button>
      ) : null}
      {open ? (
        <ol class="alarm-list alarm-parts">
          {row.parts.map((part) => (
            <AlarmEntry
              key={part.alarm_id}
              row={{ id: part.alarm_id, kind: "one", head: part, parts: [] }}
              roving={roving}
              within={row.id}
            />
          ))}
        </ol>
      ) : null}
    </li>
  );
}

function headText(row: AlarmRow): string {
  const title = titleOf(row.head.title);
  return row.kind === "fold" ? t("alarms.fold", { n: row.parts.length, title }) : title;
}

/** State, by whom and with which words; how sure; how old. */
function Handling({ alarm }: { alarm: Alarm }) {
  const by = alarm.handled_by ?? "";
  const comment = alarm.comment ?? "";
  return (
    <p class="alarm-state">
      <strong class={`state state-${alarm.state}`}>{stateText(alarm)}</strong>
      {by === "" ? null : (
        <span class="alarm-by">{comment === "" ? by : t("alarms.comment_by", { name: by, comment })}</span>
      )}
      {alarm.cause === "SensorSilence" ? null : (
        <span class="alarm-number">{t("alarms.probability", { p: formatPercent(alarm.probability) })}</span>
      )}
      <span class="alarm-number">
        <Ago ns={alarm.time_ns} />
      </span>
    </p>
  );
}

function stateText(alarm: Alarm): string {
  const until = alarm.shelved_until_ns ?? 0;
  if (alarm.state === "shelved" && until > 0) {
    return t("alarm_state.shelved_until", { time: timeText(until, false) });
  }
  return t(`alarm_state.${alarm.state}`);
}

function Acts({ row, chosen }: { row: AlarmRow; chosen: boolean }) {
  const alarm = row.head;
  const offered = ALARM_ACTS.filter((act) => isOffered(act, row));
  const refused = offered.map((act) => reasonOf(act)).find((reason) => reason !== null) ?? null;
  return (
    <div class="acts">
      {offered.map((act) => (
        <ActButton key={act} act={act} row={row} />
      ))}
      <Ways alarm={alarm} />
      {refused !== null && (chosen || alarm.state === "raised") ? (
        <p class="why-not" aria-hidden="true">
          {refused}
        </p>
      ) : null}
    </div>
  );
}

const reasonOf = (act: AlarmAct): string | null =>
  act === "why" ? whyNoLink() : whyNot(`actions.${act}`);

function ActButton({ act, row }: { act: AlarmAct; row: AlarmRow }) {
  const reason = reasonOf(act);
  const n = subjectsOf(act, row).length;
  const many = act === "acknowledge" && row.kind === "fold" && n > 1;
  return (
    <Button
      class={act === "acknowledge" ? "act act-first" : "act"}
      reason={reason}
      title={act === "why" ? t("why.title") : t(`act.${act}.title`)}
      onPress={() => actOn(act, row)}
    >
      {many ? t("alarms.acknowledge_all", { n }) : t(`act.${act}`)}
    </Button>
  );
}

/** From the alarm to its track, its incident, its place. */
function Ways({ alarm }: { alarm: Alarm }) {
  const track = alarm.track_ids?.at(-1);
  const incident = alarm.incident_id ?? "";
  const [lat, lon] = [alarm.lat_deg ?? null, alarm.lon_deg ?? null];
  return (
    <>
      {track === undefined ? null : (
        <button type="button" class="act way" onClick={() => openTrack(track)}>
          {t("alarms.track", { id: track.slice(0, 6) })}
        </button>
      )}
      {incident !== "" && incidents.value.has(incident) ? (
        <button type="button" class="act way" onClick={() => openIncident(incident)}>
          {t("alarms.incident")}
        </button>
      ) : null}
      {lat === null || lon === null ? null : (
        <button type="button" class="act way" onClick={() => centreOn(lat, lon)}>
          {t("say.show_on_map")}
        </button>
      )}
    </>
  );
}
