/** Whether a button that needs the server may be pressed, and if not, why not. */

import type { Session } from "../../model/nouns";
import { link, replay, session } from "../../model/picture";
import { t, tWord } from "../../words/say";

/** Anything that changes something: not while frozen, not in the past, not without the right. */
export function whyNot(permission: string): string | null {
  const broken = whyNoLink();
  if (broken !== null) return broken;
  if (replay.value !== null) return t("why_not.replay");
  const who = session.value;
  if (who === null) return t("why_not.signed_out");
  if (who.permissions.includes(permission)) return null;
  return t("why_not.permission", { role: roleText(who) });
}

/** Questions need the link only; the past may be asked about, too. */
export function whyNoLink(): string | null {
  const state = link.value.state;
  return state === "live" ? null : t(`why_not.${state}`);
}

/** The roles in words. */
export function roleText(who: Pick<Session, "role" | "roles">): string {
  const roles = who.roles ?? [who.role];
  return roles
    .filter((one) => one !== "")
    .map((one) => tWord("role", one))
    .join(", ");
}

/** Whether this person may ever do it: what nobody may do is not offered at all. */
export function may(permission: string): boolean {
  return session.value?.permissions.includes(permission) ?? false;
}
