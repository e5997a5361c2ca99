/** Every key that does something, as the listener knows them. */

import { setSingleKeys, singleKeys, useKey } from "../keys/listen";
import { type KeySection, SHORTCUTS } from "../keys/shortcuts";
import { t } from "../words/say";
import { openPanel } from "./parts/go";
import "./keys-help.css";

const SECTIONS: readonly KeySection[] = ["go", "alarm", "object", "page", "replay"];

export function KeysHelp() {
  useKey("close", () => void openPanel("alarms"));
  return (
    <section class="panel keys-help" aria-label={t("keys.title")}>
      <h2>{t("keys.title")}</h2>
      <p>{t("keys.text")}</p>
      <p>
        <strong>{t("keys.acknowledge")}</strong>
      </p>
      <label class="pick">
        <input
          type="checkbox"
          checked={singleKeys.value}
          onChange={(event) => setSingleKeys(event.currentTarget.checked)}
        />
        {t("keys.singles")} <small class="soft">{t("keys.singles_text")}</small>
      </label>
      {SECTIONS.map((section) => (
        <div key={section} class="part">
          <h3>{t(`keys.section.${section}`)}</h3>
          <dl class="key-list">
            {SHORTCUTS.filter((one) => one.section === section).map((one) => (
              <div key={one.action}>
                <dt>
                  <kbd>{keyName(one.key)}</kbd>
                </dt>
                <dd>{t(`key.${one.action}`)}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </section>
  );
}

/** As it is printed on the key. */
function keyName(key: string): string {
  return key === "Escape" ? "Esc" : key.toUpperCase();
}
