/** The dialogs of the page: at most one is open. And the line that says what was done. */

import { notice, asked, opened } from "./parts/asking";
import { useKey } from "../keys/listen";
import { openPanel } from "./parts/go";
import { may } from "./parts/why-not";
import { AccountDialog } from "./account";
import { ActionDialog } from "./action-dialog";
import { LooksDialog } from "./choices";
import { FilterDialog } from "./filters";
import { ProofDialog } from "./accounts-proof";
import { MuteDialog } from "./mute-dialog";
import { WhyDialog } from "./why-dialog";

export function Dialogs() {
  const action = asked.value;
  const other = opened.value;
  const close = (): void => {
    opened.value = null;
  };
  useKey("accounts", () => {
    if (!may("accounts.read")) return false;
    openPanel("accounts");
    return true;
  });
  return (
    <>
      {action === null ? null : <ActionDialog key={`${action.action}/${action.subjects[0]}`} asked={action} />}
      {other?.kind === "why" ? <WhyDialog alarmId={other.alarmId} title={other.title} onClose={close} /> : null}
      {other?.kind === "filters" ? <FilterDialog onClose={close} /> : null}
      {other?.kind === "looks" ? <LooksDialog onClose={close} /> : null}
      {other?.kind === "mute" ? <MuteDialog onClose={close} /> : null}
      {other?.kind === "account" ? <AccountDialog onClose={close} /> : null}
      <ProofDialog />
      <div class="notice-place" role="status" aria-live="polite">
        {notice.value === null ? null : (
          <p class={notice.value.bad ? "notice notice-bad" : "notice"}>{notice.value.text}</p>
        )}
      </div>
    </>
  );
}
