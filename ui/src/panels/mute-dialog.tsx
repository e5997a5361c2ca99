/** Muting this screen: for how long, and why; the reason stands on the screen until it ends. */

import { useState } from "preact/hooks";
import { demonstrate, muteFor } from "../sound/sound";
import { t } from "../words/say";
import { Button } from "./parts/button";
import { Dialog } from "./parts/dialog";

const MINUTES = [5, 15, 30, 60] as const;
const LONGEST_REASON = 60;

export function MuteDialog({ onClose }: { onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [minutes, setMinutes] = useState<number>(15);
  const ready = reason.trim() !== "";
  return (
    <Dialog title={t("sound.mute.title")} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!ready) return;
          muteFor(minutes, reason.trim());
          onClose();
        }}
      >
        <p class="soft">{t("sound.mute.text")}</p>
        <label class="field">
          <span>
            {t("say.reason")} <small>({t("say.needed")})</small>
          </span>
          <input
            data-first
            type="text"
            required
            maxLength={LONGEST_REASON}
            autocomplete="off"
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        <fieldset class="choices-set">
          <legend>{t("sound.mute.for")}</legend>
          {MINUTES.map((one) => (
            <label key={one} class="pick">
              <input type="radio" name="mute" checked={one === minutes} onChange={() => setMinutes(one)} />
              {one % 60 === 0 ? t("act.hours", { n: one / 60 }) : t("act.minutes", { n: one })}
            </label>
          ))}
        </fieldset>
        <div class="form-end">
          <button type="button" class="act" onClick={demonstrate}>
            {t("sound.test")}
          </button>
          <button type="button" class="act" onClick={onClose}>
            {t("say.cancel")}
          </button>
          <Button type="submit" class="act act-first" reason={ready ? null : t("why_not.comment")} shown>
            {t("sound.mute")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
