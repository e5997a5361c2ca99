/** What is shown once and never again: a link's address, a token's secret. */

import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../words/say";
import type { NewLink } from "./accounts-server";
import { bothTimes } from "./parts/shown";

export function LinkOnce({ link, onClose }: { link: NewLink; onClose: () => void }) {
  const { name } = link;
  return (
    <div class="form">
      <CopyField label={t("accounts.link.label", { name })} text={`${location.origin}${link.path}`} />
      <p class="bad">{t("accounts.link.once", { time: bothTimes(link.ends_ns, false) })}</p>
      <p>{t("accounts.link.trust", { name })}</p>
      <Done onClose={onClose} />
    </div>
  );
}

export function TokenOnce({ source, secret, onClose }: { source: string; secret: string; onClose: () => void }) {
  return (
    <div class="form">
      <CopyField label={t("tokens.secret", { source })} text={secret} />
      <p class="bad">{t("tokens.once")}</p>
      <code class="once-header">{`Authorization: Bearer ${secret}`}</code>
      <Done onClose={onClose} />
    </div>
  );
}

function Done({ onClose }: { onClose: () => void }) {
  return (
    <div class="form-end">
      <button type="button" class="act" onClick={onClose}>
        {t("accounts.done")}
      </button>
    </div>
  );
}

/** A text with a button that copies it; where the browser does not, it is marked for the keyboard. */
function CopyField({ label, text }: { label: string; text: string }) {
  const field = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  const [said, setSaid] = useState("");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid(t("accounts.copied"));
    } catch {
      field.current?.select(); // no permission, or no clipboard at all over plain HTTP
      setSaid(t("accounts.copy_by_hand"));
    }
  };
  return (
    <div class="once">
      <label class="field">
        <span>{label}</span>
        <input ref={field} type="text" readOnly value={text} onFocus={(event) => event.currentTarget.select()} />
      </label>
      <button type="button" class="act act-first" ref={button} onClick={() => void copy()}>
        {t("accounts.copy")}
      </button>
      <p class="once-said good" role="status">
        {said}
      </p>
    </div>
  );
}
