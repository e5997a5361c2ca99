/** One question before an act: what will follow, whether it may be done, and what went wrong. */

import type { ComponentChildren } from "preact";
import { t } from "../words/say";
import { accessFault } from "./accounts-server";
import { useSending } from "./accounts-sending";
import { whyNot } from "./parts/why-not";

interface SureProps {
  /** What will follow, paragraph by paragraph. */
  readonly text: readonly string[];
  /** The word on the button that does it. */
  readonly word: string;
  readonly act: () => Promise<void>;
  readonly onClose: () => void;
  readonly children?: ComponentChildren;
}

export function Sure({ text, word, act, onClose, children }: SureProps) {
  const { sending, fault, send } = useSending(accessFault);
  const refused = whyNot("accounts.write");
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (refused === null) send(act);
      }}
    >
      {text.map((one) => (
        <p key={one}>{one}</p>
      ))}
      {children}
      {fault}
      {refused === null ? null : <p class="why-not">{refused}</p>}
      <div class="form-end">
        <button type="button" class="act" onClick={onClose}>
          {t("say.cancel")}
        </button>
        <button type="submit" class="act act-first" disabled={sending || refused !== null}>
          {sending ? t("say.sending") : word}
        </button>
      </div>
    </form>
  );
}
