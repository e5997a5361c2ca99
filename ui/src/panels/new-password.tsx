/** A new password, typed twice: only its length counts. */

import { useId } from "preact/hooks";
import { t } from "../words/say";
import { LEAST_CHARACTERS } from "./entering";

/** What is wrong with it; "" when nothing is. */
export function passwordTrouble(password: string, again: string, least: number): string {
  const missing = least - [...password].length;
  if (missing > 0) return t("first.too_short", { n: missing });
  return password === again ? "" : t("first.differ");
}

interface NewPasswordProps {
  readonly password: string;
  readonly again: string;
  readonly onPassword: (text: string) => void;
  readonly onAgain: (text: string) => void;
}

export function NewPassword({ password, again, onPassword, onAgain }: NewPasswordProps) {
  const id = useId();
  const trouble = password === "" ? "" : passwordTrouble(password, again, LEAST_CHARACTERS);
  return (
    <>
      <label class="field">
        <span>{t("first.password")}</span>
        <input
          data-first
          aria-describedby={`${id}-rules`}
          type="password"
          autocomplete="new-password"
          required
          value={password}
          onInput={(event) => onPassword(event.currentTarget.value)}
        />
      </label>
      <p id={`${id}-rules`} class="soft">
        {t("first.rules", { n: LEAST_CHARACTERS })}
      </p>
      <label class="field">
        <span>{t("first.repeat")}</span>
        <input
          type="password"
          autocomplete="new-password"
          required
          value={again}
          onInput={(event) => onAgain(event.currentTarget.value)}
        />
      </label>
      <p class="soft" aria-live="polite">
        {trouble}
      </p>
    </>
  );
}
