/** Whether this screen can be heard: off until a key is pressed, on, or muted with its reason. */

import { useKey } from "../keys/listen";
import { mute, soundState, unmute } from "../sound/sound";
import { wallTime } from "../units/times";
import { t } from "../words/say";
import { opened } from "./parts/asking";

export function SoundState() {
  const state = soundState.value;
  const press = (): void => {
    if (state === "muted") unmute();
    else if (state === "on") opened.value = { kind: "mute" };
  };
  useKey("mute", () => void press());
  return (
    <button
      type="button"
      class={`sound sound-${state}`}
      title={state === "on" ? t("sound.mute") : state === "muted" ? t("sound.unmute") : soundText()}
      onClick={press}
    >
      <SoundSign on={state === "on"} />
      <span class={state === "on" ? "unseen" : "sound-word"}>{soundText()}</span>
    </button>
  );
}

function soundText(): string {
  const state = soundState.value;
  const muted = mute.value;
  if (state !== "muted" || muted === null) return t(`sound.${state === "muted" ? "on" : state}`);
  return t("sound.muted", { time: browserTime(muted.untilMs), reason: muted.reason });
}

/** The mute is of this screen, so its end is told by this screen's own clock. */
function browserTime(ms: number): string {
  const wall = wallTime(ms, Intl.DateTimeFormat().resolvedOptions().timeZone);
  return `${String(wall.hour).padStart(2, "0")}:${String(wall.minute).padStart(2, "0")}`;
}

function SoundSign({ on }: { on: boolean }) {
  return (
    <svg class="sign" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d="M3 8h3l4-4v12l-4-4H3Z" />
      <path d={on ? "M13 7q2 3 0 6M15.5 5q4 5 0 10" : "M13 7.5 18 12.5M18 7.5 13 12.5"} />
    </svg>
  );
}
