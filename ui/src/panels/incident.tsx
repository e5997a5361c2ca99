/** Incidents: who owns them, when the next decision is due, and what became known when. */

import type { Incident, IncidentDetails, IncidentEntry } from "../model/nouns";
import { incidents, nowNs, replay, selection, system } from "../model/picture";
import { useKey } from "../keys/listen";
import { useRoving } from "../keys/roving";
import { titleOf } from "../words/served";
import { t, type Key } from "../words/say";
import { en } from "../words/en";
import { Deadline, Owner } from "./deadline";
import { incidentRows, lateS, timelineOf } from "./incident-rows";
import { ask } from "./parts/asking";
import { useAnswer } from "./parts/asking-server";
import { Button } from "./parts/button";
import { faultText } from "./parts/faults";
import { choose, openTrack } from "./parts/go";
import { LevelMark } from "./parts/level";
import { durationText, timeText } from "./parts/shown";
import { Stale } from "./parts/stale";
import { ShortWhen } from "./parts/when";
import { may, whyNot } from "./parts/why-not";
import "./incident.css";

const ACTS = ["own", "decide", "note", "declare", "close"] as const;

export function IncidentPanel() {
  const chosen = selection.value;
  const incident = chosen?.kind === "incident" ? incidents.value.get(chosen.id) : undefined;
  return (
    <section class="panel incidents" aria-label={t("incidents.title")}>
      <h2 class="unseen">{t("incidents.title")}</h2>
      <Stale />
      {incident === undefined ? <List /> : <One key={incident.incident_id} incident={incident} />}
    </section>
  );
}

function List() {
  const rows = incidentRows(incidents.value.values());
  const open = rows.filter((one) => one.state === "open");
  const closed = rows.filter((one) => one.state === "closed");
  const roving = useRoving(rows.map((one) => one.incident_id));
  const started = system.value?.started_ns ?? 0;
  if (rows.length === 0) return <p class="empty">{t("incidents.none", { time: timeText(started, false) })}</p>;
  const item = (one: Incident) => (
    <li key={one.incident_id} class={`incident incident-${one.state}`}>
      <button
        type="button"
        class="incident-head"
        onClick={() => choose("incident", one.incident_id)}
        {...roving.row(one.incident_id)}
      >
        <LevelMark level={one.level} />
        <span class="incident-title">{titleOf(one.title)}</span>
        <ShortWhen ns={one.opened_ns} seconds={false} />
      </button>
      {one.state === "open" ? (
        <p class="incident-state">
          <Owner name={one.owner ?? ""} /> <span class="soft">{t("incident.next_decision")}:</span>{" "}
          <Deadline ns={one.next_decision_ns} />
        </p>
      ) : null}
    </li>
  );
  return (
    <div
      ref={(list) => {
        roving.list.current = list;
      }}
      onKeyDown={roving.onKeyDown}
    >
      {open.length === 0 ? <p class="empty">{t("incidents.none_open")}</p> : null}
      <ul class="incident-list" aria-label={t("incidents.list")}>
        {open.map(item)}
      </ul>
      {closed.length === 0 ? null : (
        <details>
          <summary>{t("incidents.closed", { n: closed.length })}</summary>
          <ul class="incident-list">{closed.map(item)}</ul>
        </details>
      )}
    </div>
  );
}

function One({ incident }: { incident: Incident }) {
  const path = `incidents/${encodeURIComponent(incident.incident_id)}`;
  const details = useAnswer<IncidentDetails>(path, incident.revision);
  const until = replay.value?.atNs ?? Number.POSITIVE_INFINITY;
  const back = (): void => {
    selection.value = null;
  };
  useKey("close", back);
  return (
    <>
      <button type="button" class="link" onClick={back}>
        ← {t("incidents.back")}
      </button>
      <h3 class="incident-name">
        <LevelMark level={incident.level} /> {titleOf(incident.title)}
      </h3>
      <Standing incident={incident} />
      <Acts incident={incident} />
      <h4>{t("incident.timeline")}</h4>
      {details.error === null ? null : <p class="fault">{faultText(details.error)}</p>}
      {details.value === null ? (
        <p class="soft">{details.asking ? t("say.loading") : t("incident.timeline_none")}</p>
      ) : (
        <Timeline entries={timelineOf(details.value.entries, until)} />
      )}
    </>
  );
}

function Standing({ incident }: { incident: Incident }) {
  const tracks = incident.track_ids ?? [];
  const open = incident.state === "open";
  return (
    <dl class="facts">
      <dt>{t("incident.owner")}</dt>
      <dd>
        <Owner name={incident.owner ?? ""} />
      </dd>
      {open ? (
        <>
          <dt>{t("incident.next_decision")}</dt>
          <dd>
            <Deadline ns={incident.next_decision_ns} />
          </dd>
        </>
      ) : null}
      <dt>{t("incident.outcome")}</dt>
      <dd>
        {(incident.outcome ?? "") === ""
          ? t("incident.outcome_open")
          : t(`track_state.${incident.outcome}` as Key)}
      </dd>
      <dt>{t("track.state")}</dt>
      <dd>
        {t(open ? "incident.open" : "incident.closed")} · {t("incident.opened", { time: timeText(incident.opened_ns) })}
      </dd>
      <dt>{t("incident.tracks")}</dt>
      <dd>
        {tracks.length === 0 ? t("track.no_incident") : null}
        {tracks.map((id) => (
          <button key={id} type="button" class="link" onClick={() => openTrack(id)}>
            {id.slice(0, 6)}
          </button>
        ))}
      </dd>
      {(incident.decision ?? "") === "" ? null : (
        <dd class="wide">{t("incident.decided", { text: incident.decision ?? "" })}</dd>
      )}
      {open ? <Joinable incident={incident} /> : null}
    </dl>
  );
}

function Joinable({ incident }: { incident: Incident }) {
  const over = incident.joinable_until_ns <= nowNs.value;
  return (
    <dd class="wide soft">
      {over ? t("incident.joinable_over") : t("incident.joinable", { time: timeText(incident.joinable_until_ns, false) })}
    </dd>
  );
}

function Acts({ incident }: { incident: Incident }) {
  const about = titleOf(incident.title);
  const open = incident.state === "open";
  const begin = (act: (typeof ACTS)[number]): boolean => {
    if (!open || whyNot(`actions.${act}`) !== null) return false;
    ask(act, [incident.incident_id], about);
    return true;
  };
  useKey("own", () => begin("own"));
  useKey("note", () => begin("note"));
  useKey("decide", () => begin("decide"));
  if (!open) return null;
  const offered = ACTS.filter((act) => may(`actions.${act}`));
  const reason = offered.map((act) => whyNot(`actions.${act}`)).find((one) => one !== null) ?? null;
  return (
    <div class="acts">
      {offered.map((act) => (
        <Button
          key={act}
          class={act === "own" && (incident.owner ?? "") === "" ? "act act-first" : "act"}
          reason={whyNot(`actions.${act}`)}
          title={t(`act.${act}.title`)}
          onPress={() => begin(act)}
        >
          {t(`act.${act}`)}
        </Button>
      ))}
      {reason === null ? null : (
        <p class="why-not" aria-hidden="true">
          {reason}
        </p>
      )}
    </div>
  );
}

function Timeline({ entries }: { entries: readonly IncidentEntry[] }) {
  if (entries.length === 0) return <p class="soft">{t("incident.timeline_none")}</p>;
  return (
    <ol class="timeline">
      {entries.map((entry) => (
        <Line key={entry.number} entry={entry} />
      ))}
    </ol>
  );
}

function Line({ entry }: { entry: IncidentEntry }) {
  const key = `entry.${entry.what}`;
  const late = lateS(entry);
  return (
    <li class={late === null ? "line" : "line line-late"} value={entry.number}>
      <p class="line-times">
        <strong>{t(key in en ? (key as Key) : "entry.other")}</strong>
        <span>
          {t("incident.happened")} <ShortWhen ns={entry.time_ns} />
        </span>
        {entry.received_ns === entry.time_ns ? null : (
          <span>
            {t("incident.known")} <ShortWhen ns={entry.received_ns} />
          </span>
        )}
        {late === null ? null : <strong class="late">{t("incident.late", { late: durationText(late) })}</strong>}
        <span class="line-number" title={t("incident.line", { n: entry.number })}>
          {entry.number}
        </span>
      </p>
      <p>{entry.text}</p>
    </li>
  );
}
