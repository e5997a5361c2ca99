/** What can be done with a track: centre the map; take its incident; say what became of it. */

import type { Loss } from "../model/nouns";
import { incidents } from "../model/picture";
import { useKey } from "../keys/listen";
import { titleOf } from "../words/served";
import { t } from "../words/say";
import { ask } from "./parts/asking";
import { Button } from "./parts/button";
import { centreOn, openIncident } from "./parts/go";
import { may, whyNot } from "./parts/why-not";
import type { TrackFacts } from "./track-facts";
import { shortId } from "./track-rows";

interface ActsProps {
  readonly facts: TrackFacts;
  readonly incidentId: string | null;
  readonly lost: Loss | null;
}

export function TrackActs({ facts, incidentId, lost }: ActsProps) {
  const incident = incidentId ?? incidentOf(facts.id);
  const about = t("track.title", { id: shortId(facts.id) });
  const isLost = facts.state === "lost" || lost !== null;
  const declared = facts.state === "left" || facts.state === "down" || facts.state === "never_real";
  const own = (): boolean => {
    if (incident === null || whyNot("actions.own") !== null) return false;
    ask("own", [incident], titleOf(incidents.value.get(incident)?.title ?? about));
    return true;
  };
  useKey("own", own);
  return (
    <div class="acts">
      <button type="button" class="act" onClick={() => centreOn(facts.latDeg, facts.lonDeg)}>
        {t("say.show_on_map")}
      </button>
      {incident === null ? null : (
        <>
          <button type="button" class="act" onClick={() => openIncident(incident)}>
            {t("track.open_incident")}
          </button>
          <Guarded permission="actions.own" word={t("act.own")} onPress={own} />
        </>
      )}
      {isLost || declared ? (
        <Guarded
          permission="actions.declare"
          word={t("act.declare")}
          onPress={() => ask("declare", [facts.id], about)}
        />
      ) : null}
    </div>
  );
}

interface GuardedProps {
  readonly permission: string;
  readonly word: string;
  readonly onPress: () => unknown;
}

/** A button that needs the server: not there without the right, disabled with its reason else. */
export function Guarded({ permission, word, onPress }: GuardedProps) {
  if (!may(permission)) return null;
  const reason = whyNot(permission);
  return (
    <Button reason={reason} title={word} shown onPress={onPress}>
      {word}
    </Button>
  );
}

/** The open incident that names the track. */
function incidentOf(id: string): string | null {
  for (const incident of incidents.value.values()) {
    if (incident.state === "open" && incident.track_ids?.includes(id) === true) return incident.incident_id;
  }
  return null;
}
