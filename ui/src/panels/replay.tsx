/** The past on a slider: what was known when, with marks for what happened; and the way back. */

import { useState } from "preact/hooks";
import type { Mark } from "../model/nouns";
import { replay, type Replay } from "../model/picture";
import { closeReplay, openReplay, playReplay, replayTrouble, seekReplay } from "../model/replaying";
import { useKey } from "../keys/listen";
import { formatNumber } from "../units/numbers";
import { titleOf } from "../words/served";
import { t } from "../words/say";
import { Button } from "./parts/button";
import { LevelShape } from "./parts/level";
import { faultText } from "./parts/faults";
import { bothTimes, timeText } from "./parts/shown";
import { may, whyNoLink } from "./parts/why-not";
import { markAfter, markBefore } from "./replay-marks";
import "./replay.css";

const RATES = [1, 5, 10, 30, 60] as const;
const STEP_NS = 10e9;
const MINUTE_NS = 60e9;
const MOST_MARKS = 200;

export function ReplayBar() {
  const past = replay.value;
  return (
    <section class="panel replay" aria-label={t("replay.title")}>
      <h2>{t("replay.title")}</h2>
      {past === null ? <Begin /> : <Past past={past} />}
    </section>
  );
}

function Begin() {
  const [fault, setFault] = useState("");
  const reason = whyNoLink();
  if (!may("replay.read")) return null;
  const begin = async (): Promise<void> => {
    setFault("");
    try {
      await openReplay();
    } catch (error) {
      setFault(faultText(error));
    }
  };
  return (
    <>
      <Button class="act act-first" reason={reason} shown onPress={begin}>
        {t("replay.start")}
      </Button>
      {fault === "" ? null : (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
    </>
  );
}

function Past({ past }: { past: Replay }) {
  const move = (ns: number) => () => seekReplay(past.atNs + ns);
  const jump = (mark: Mark | null): void => {
    if (mark !== null) seekReplay(mark.time_ns);
  };
  const [before, after] = [markBefore(past.marks, past.atNs), markAfter(past.marks, past.atNs)];
  useKey("play", () => void playReplay(!past.playing));
  if (past.toNs <= past.fromNs) {
    return (
      <>
        <p class="empty">{t("replay.empty")}</p>
        <ToLive />
      </>
    );
  }
  return (
    <>
      <p class="soft">{t("replay.span", { from: bothTimes(past.fromNs, false), to: bothTimes(past.toNs, false) })}</p>
      <p class="replay-at">{bothTimes(past.atNs)}</p>
      <Slider past={past} />
      <div class="acts">
        <button type="button" class="act act-first" aria-pressed={past.playing} onClick={() => playReplay(!past.playing)}>
          {t(past.playing ? "replay.pause" : "replay.play")}
        </button>
        <button type="button" class="act" onClick={move(-MINUTE_NS)}>
          {t("replay.minute_back")}
        </button>
        <button type="button" class="act" onClick={move(-STEP_NS)}>
          {t("replay.back")}
        </button>
        <button type="button" class="act" onClick={move(STEP_NS)}>
          {t("replay.on")}
        </button>
        <button type="button" class="act" onClick={move(MINUTE_NS)}>
          {t("replay.minute_on")}
        </button>
        <Button reason={before === null ? t("replay.previous_none") : null} onPress={() => jump(before)}>
          {t("replay.previous")}
        </Button>
        <Button reason={after === null ? t("replay.next_none") : null} onPress={() => jump(after)}>
          {t("replay.next")}
        </Button>
        <label class="field-line">
          {t("replay.rate")}
          <select value={String(past.rate)} onChange={(event) => playReplay(past.playing, Number(event.currentTarget.value))}>
            {RATES.map((rate) => (
              <option key={rate} value={rate} selected={rate === past.rate}>
                {t("replay.rate_value", { rate: formatNumber(rate) })}
              </option>
            ))}
          </select>
        </label>
        <ToLive />
      </div>
      {replayTrouble.value === "" ? null : (
        <p class="fault" role="alert">
          {t("say.failed", { detail: replayTrouble.value })}
        </p>
      )}
      <Marks past={past} />
    </>
  );
}

function ToLive() {
  return (
    <button type="button" class="act to-live" onClick={closeReplay}>
      {t("replay.to_live")}
    </button>
  );
}

function Slider({ past }: { past: Replay }) {
  const span = past.toNs - past.fromNs;
  return (
    <div class="slider">
      <input
        type="range"
        aria-label={t("replay.slider")}
        aria-valuetext={bothTimes(past.atNs)}
        min={0}
        max={Math.floor(span / 1e9)}
        step={1}
        value={Math.round((past.atNs - past.fromNs) / 1e9)}
        onInput={(event) => seekReplay(past.fromNs + Number(event.currentTarget.value) * 1e9)}
      />
      <svg class="slider-marks" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {past.marks.map((mark, i) => (
          <rect
            key={i}
            class={mark.level === "" ? "mark" : `mark mark-${mark.level}`}
            x={((mark.time_ns - past.fromNs) / span) * 1000}
            width="3"
            height="10"
          />
        ))}
      </svg>
    </div>
  );
}

function Marks({ past }: { past: Replay }) {
  if (past.marks.length === 0) return <p class="soft">{t("replay.marks_none")}</p>;
  const newest = [...past.marks].sort((a, b) => b.time_ns - a.time_ns).slice(0, MOST_MARKS);
  return (
    <div class="part">
      <h3>{t("replay.marks")}</h3>
      <ol class="mark-list">
        {newest.map((mark, i) => (
          <li key={i}>
            <button type="button" class="link" onClick={() => seekReplay(mark.time_ns)}>
              {mark.level === "" ? null : <LevelShape level={mark.level} />}
              {mark.level === "" ? null : <span class="unseen">{t(`level.${mark.level}`)}</span>}
              <b>{timeText(mark.time_ns)}</b> {titleOf(mark.text)}
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}
