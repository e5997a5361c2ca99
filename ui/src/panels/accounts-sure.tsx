/** One question before an act: what will follow, whether it may be done, and what went wrong. */

import type { ComponentChildren } from "preact";
import { t } from "../words/say";
import { accessFault } from "./accounts-server";
import { useSending } from "./accounts-sending";
import { Button } from "./parts/button";
import { whyNot } from "./parts/why-not";

/** What a dialog of an act is given. */
export interface DoneProps {
  /** Something may have changed: the lists are asked anew. */
  readonly onChange: () => void;
  readonly onClose: () => void;
}

interface SureProps {
  /** What will follow, paragraph by paragraph. */
  readonly text: readonly string[];
  /** The word on the button that does it. */
  readonly word: string;
  readonly act: () => Promise<void>;
  /** What is missing before it can be done, if anything is. */
  readonly lack?: string | null;
  readonly onClose: () => void;
  readonly children?: ComponentChildren;
}

export function Sure({ text, word, act, lack = null, onClose, children }: SureProps) {
  const { sending, fault, send } = useSending(accessFault);
  const refused = whyNot("accounts.write");
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (refused === null && lack === null) send(act);
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
        <Button
          type="submit"
          class="act act-first"
          reason={refused ?? (sending ? t("say.sending") : lack)}
          shown={refused === null && !sending}
        >
          {sending ? t("say.sending") : word}
        </Button>
      </div>
    </form>
  );
}
