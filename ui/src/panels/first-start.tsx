/** The first start: whoever came by the one-time link chooses how to sign in from now on. */

import { useState } from "preact/hooks";
import { session } from "../model/picture";
import { t } from "../words/say";
import { entered, entryFault, leave, LEAST_CHARACTERS, setPassword as send } from "./entering";
import { passkeyTrouble, registerPasskey } from "./passkeys";
import { NewPassword, passwordTrouble } from "./new-password";
import "./access.css";

export function FirstStart() {
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const attempt = async (way: () => Promise<void>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setFault("");
    try {
      await way();
    } catch (error) {
      setFault(entryFault(error));
    } finally {
      setBusy(false);
    }
  };
  const trouble = passwordTrouble(password, again, LEAST_CHARACTERS);
  return (
    <main class="access" aria-label={t("first.title")}>
      <form
        class="form access-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (trouble === "") void attempt(() => send(password));
        }}
      >
        <h2>{t("first.title")}</h2>
        <p>{t("first.text")}</p>
        <p>
          {t("sign_in.name")}: <strong>{session.value?.name ?? ""}</strong>
        </p>
        <NewPassword password={password} again={again} onPassword={setPassword} onAgain={setAgain} />
        {fault === "" ? null : (
          <p class="fault" role="alert">
            {fault}
          </p>
        )}
        <button type="submit" class="act act-first" disabled={busy || trouble !== ""} title={trouble || undefined}>
          {busy ? t("say.sending") : t("first.set")}
        </button>
        {passkeyTrouble(window) === null ? (
          <>
            <p class="soft">{t("first.or")}</p>
            <button
              type="button"
              class="act"
              disabled={busy}
              onClick={() => void attempt(async () => entered(await registerPasskey()))}
            >
              {t("first.passkey")}
            </button>
          </>
        ) : (
          <p class="soft">{t("sign_in.passkey_number")}</p>
        )}
        <button type="button" class="act" onClick={() => void leave()}>
          {t("person.sign_out")}
        </button>
      </form>
    </main>
  );
}
