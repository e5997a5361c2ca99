/** The first start: whoever came by the one-time link chooses how to sign in from now on. */

import { useState } from "preact/hooks";
import { session } from "../model/picture";
import { type Key, t } from "../words/say";
import { type Beginning, beginningOf, entered, entryFault, keepPassword, leave, LEAST_CHARACTERS, setPassword as setNew } from "./entering";
import { useSending } from "./accounts-sending";
import { passkeyTrouble, registerPasskey } from "./passkeys";
import { NewPassword, passwordTrouble } from "./new-password";
import { Button } from "./parts/button";
import "./access.css";

const WORDS: Readonly<Record<Beginning, { title: Key; text: Key }>> = {
  first: { title: "first.title", text: "first.text" },
  invited: { title: "first.title_invited", text: "first.text_invited" },
  forgotten: { title: "first.title_forgotten", text: "first.text_forgotten" },
};

export function FirstStart() {
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const { sending: busy, fault, send } = useSending(entryFault);
  const trouble = passwordTrouble(password, again, LEAST_CHARACTERS);
  const why = beginningOf(session.value) ?? "invited";
  const { title, text } = WORDS[why];
  return (
    <main class="access" aria-label={t(title)}>
      <form
        class="form access-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (trouble === "") send(() => setNew(password));
        }}
      >
        <h2>{t(title)}</h2>
        <p>{t(text)}</p>
        <p>
          {t("sign_in.name")}: <strong>{session.value?.name ?? ""}</strong>
        </p>
        <NewPassword password={password} again={again} onPassword={setPassword} onAgain={setAgain} />
        {fault}
        <Button type="submit" class="act act-first" reason={busy ? t("say.sending") : trouble || null}>
          {busy ? t("say.sending") : t("first.set")}
        </Button>
        {passkeyTrouble(window) === null ? (
          <>
            <p class="soft">{t("first.or")}</p>
            <Button
              reason={busy ? t("say.sending") : null}
              onPress={() => send(async () => entered(await registerPasskey()))}
            >
              {t("first.passkey")}
            </Button>
          </>
        ) : (
          <p class="soft">{t("sign_in.passkey_number")}</p>
        )}
        {why === "forgotten" ? (
          <button
            type="button"
            class="act"
            onClick={() => {
              if (session.value !== null) keepPassword(session.value);
            }}
          >
            {t("first.keep")}
          </button>
        ) : null}
        <button type="button" class="act" onClick={() => void leave()}>
          {t("person.sign_out")}
        </button>
      </form>
    </main>
  );
}
