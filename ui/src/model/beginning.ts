/** The first start: a session by the one-time link sees nothing before it can sign in again. */

import type { Session } from "./nouns";

/** Whether this person must choose a password or passkey before anything else. */
export function mustBegin(who: Session | null): boolean {
  return who !== null && who.kind === "person" && !who.has_credential;
}
