/** One track: how sure it is, where, how high above what, where it goes, who sees it, and why. */

import type { TrackDetails } from "../model/nouns";
import { alarms, nowNs, replay, selection, tracks } from "../model/picture";
import { useKey } from "../keys/listen";
import { formatCourse } from "../units/quantities";
import { t } from "../words/say";
import { realWord } from "./certainty";
import { useAnswer } from "./parts/asking-server";
import { centreOn } from "./parts/go";
import { Meter } from "./parts/meter";
import { climbText, distanceText, heightText, positionText, speedText } from "./parts/shown";
import { Stale } from "./parts/stale";
import { Ago, When } from "./parts/when";
import { TrackActs } from "./track-acts";
import { factsOfRow, factsOfTrack, type TrackFacts } from "./track-facts";
import { Border, Contributors, History, Loss, TrackAlarms, Why } from "./track-parts";
import { usePlaceName } from "./place-name";
import { shortId } from "./track-rows";
import "./track.css";

const ASK_EVERY_NS = 10e9;
const STILL_MPS = 0.5;
const CLIMB_MPS = 1;

export function TrackDetail() {
  const id = chosenTrack();
  return (
    <section class="panel track" aria-label={t("tab.track")}>
      <Stale />
      {id === null ? <p class="empty">{t("track.none")}</p> : <Chosen key={id} id={id} />}
    </section>
  );
}

/** The chosen track; of a chosen alarm the newest track that it names. */
function chosenTrack(): string | null {
  const chosen = selection.value;
  if (chosen?.kind === "track") return chosen.id;
  if (chosen?.kind === "alarm") return alarms.value.get(chosen.id)?.track_ids?.at(-1) ?? null;
  return null;
}

function Chosen({ id }: { id: string }) {
  const frame = tracks.value;
  const row = frame === null ? -1 : frame.rowOf(id);
  const details = useAnswer<TrackDetails>(`tracks/${encodeURIComponent(id)}`, Math.floor(nowNs.value / ASK_EVERY_NS));
  const past = replay.value !== null;
  const known = past ? null : details.value;
  const facts =
    frame !== null && row >= 0
      ? factsOfRow(frame, row, id)
      : known === null
        ? null
        : factsOfTrack(known.track);
  useKey("centre", () => {
    if (facts === null) return false;
    centreOn(facts.latDeg, facts.lonDeg);
    return true;
  });
  if (facts === null) {
    return <p class="empty">{details.asking && !past ? t("say.loading") : t("track.gone", { id: shortId(id) })}</p>;
  }
  return (
    <>
      <h2 class="track-title">{t("track.title", { id: shortId(id) })}</h2>
      <Certainty facts={facts} />
      <TrackActs facts={facts} incidentId={details.value?.incident_id ?? null} lost={known?.loss ?? null} />
      <Facts facts={facts} details={known} />
      <Loss loss={known?.loss ?? null} state={facts.state} />
      <TrackAlarms id={id} />
      {details.value === null ? null : (
        <>
          <History points={details.value.history} />
          {past ? null : <Why lines={details.value.why} />}
        </>
      )}
    </>
  );
}

function Certainty({ facts }: { facts: TrackFacts }) {
  return (
    <div class="certainty">
      <span class="certainty-label">{t("real.label")}</span>
      <Meter p={facts.existence} label={t("real.label")} />
      <strong>{t(`real.${realWord(facts.existence)}`)}</strong>
      <span class={`state state-track-${facts.state}`} title={t(`track_state.${facts.state}.text`)}>
        {t(`track_state.${facts.state}`)}
      </span>
      {facts.claimed ? (
        <strong class="claimed" title={t("basis.claimed.text")}>
          {t("basis.claimed")}
        </strong>
      ) : (
        <span>{t("basis.measured")}</span>
      )}
      <p class="soft certainty-text">
        {t(facts.claimed ? "basis.claimed.text" : `track_state.${facts.state}.text`)}
      </p>
    </div>
  );
}

function Facts({ facts, details }: { facts: TrackFacts; details: TrackDetails | null }) {
  const place = usePlaceName(facts.latDeg, facts.lonDeg, details?.place ?? null);
  const lost = facts.state === "lost";
  return (
    <dl class="facts">
      <dt>{t("track.class")}</dt>
      <dd>{t("track.class_unknown")}</dd>
      <dt>{t("track.place")}</dt>
      <dd>
        {lost ? "? " : ""}
        {place === "" ? null : <>{place} · </>}
        <span class="coordinates">{positionText(facts.latDeg, facts.lonDeg)}</span>
      </dd>
      <dt>{t("track.error")}</dt>
      <dd>{t("track.error_value", { radius: distanceText(facts.radiusM) })}</dd>
      <dt>{t("track.height")}</dt>
      <dd title={facts.altM === null ? undefined : t("height.ellipsoid.text")}>
        {facts.altM === null ? t("height.unknown") : heightText(facts.altM)}
      </dd>
      <dt>{t("track.speed")}</dt>
      <dd>
        {speedText(facts.speedMps)}
        {facts.speedMps < STILL_MPS ? null : <> · {formatCourse(facts.courseDeg)}</>}
      </dd>
      <dt>{t("track.climb")}</dt>
      <dd>{Math.abs(facts.upMps) < CLIMB_MPS ? t("track.level_flight") : climbText(facts.upMps)}</dd>
      <dt>{t("track.age")}</dt>
      <dd>
        <Ago ns={facts.measuredNs} /> · <When ns={facts.measuredNs} />
      </dd>
      <dt>{t("track.born")}</dt>
      <dd>
        <When ns={facts.bornNs} />
      </dd>
      <dt>{t("track.border")}</dt>
      <dd>
        <Border approach={details?.approach ?? null} id={facts.id} />
      </dd>
      <dt>{t("track.callsign")}</dt>
      <dd>
        {facts.callsign === ""
          ? t("track.callsign_none")
          : t("track.callsign_text", { callsign: facts.callsign })}
      </dd>
      <dt>{t("track.contributors")}</dt>
      <dd>
        <Contributors named={details?.track.contributors ?? []} />
      </dd>
    </dl>
  );
}
