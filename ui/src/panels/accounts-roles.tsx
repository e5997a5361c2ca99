/** The roles of an account: chosen for a new one, or given to one that is there instead of its own. */

import { useState } from "preact/hooks";
import { session } from "../model/picture";
import { reconnect } from "../stream/link";
import { t } from "../words/say";
import { lackOfRoles, OWN_ROLES, rolesText, withRole } from "./accounts-rows";
import { type Account, type Role, setRoles } from "./accounts-server";
import { type DoneProps, Sure } from "./accounts-sure";
import { say } from "./parts/asking";
import { Dialog } from "./parts/dialog";
import { withProof } from "./proving";

interface ChoiceProps {
  readonly offered: readonly Role[];
  readonly chosen: readonly Role[];
  readonly onChoose: (roles: Role[]) => void;
}

export function RoleChoice({ offered, chosen, onChoose }: ChoiceProps) {
  return (
    <fieldset class="choices-set role-choices">
      <legend>{t("accounts.new.roles")}</legend>
      {offered.map((role) => (
        <label key={role} class="pick">
          <input
            type="checkbox"
            name={role}
            checked={chosen.includes(role)}
            onChange={(event) => onChoose(withRole(chosen, role, event.currentTarget.checked))}
          />
          <span>
            {t(`role.${role}`)} <small class="soft">{t(`accounts.role.${role}`)}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

export function RolesDialog({ account, onChange, onClose }: DoneProps & { account: Account }) {
  const { name } = account;
  const [chosen, setChosen] = useState<readonly Role[]>(OWN_ROLES.filter((role) => account.roles.includes(role)));
  const mine = name === session.value?.name;
  const give = async (): Promise<void> => {
    const now = await withProof(() => setRoles(name, chosen));
    say(t("accounts.set_roles.done", { name, roles: rolesText(now.roles) }));
    if (mine) reconnect(); // what the page offers is what one may do from now on
    onChange();
    onClose();
  };
  const leaving = mine && !chosen.includes("admin");
  return (
    <Dialog wide title={t("accounts.set_roles.title", { name })} onClose={onClose}>
      <Sure
        text={[t("accounts.set_roles.text", { name })]}
        word={t("accounts.set_roles.send")}
        act={give}
        lack={lackOfRoles(account.roles, chosen)}
        onClose={onClose}
      >
        <RoleChoice offered={OWN_ROLES} chosen={chosen} onChoose={setChosen} />
        {leaving ? <p class="bad">{t("accounts.set_roles.mine")}</p> : null}
      </Sure>
    </Dialog>
  );
}
