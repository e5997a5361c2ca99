/** What kind of night this is: live, or one of the kinds in which nothing is real. */

import type { System } from "../model/nouns";

export type Mode = "live" | "simulation" | "exercise" | "reconstruction";

/**
 * The mode as the page shows it. A simulation whose name says what it is made for is called so;
 * simulated tracks make a simulation of anything, whatever the system says of itself.
 */
export function modeOf(system: Pick<System, "mode" | "name"> | null, simulated: boolean): Mode {
  if (system === null) return simulated ? "simulation" : "live";
  const said: string = system.mode;
  if (said === "live" && !simulated) return "live";
  if (said === "exercise" || /\bexercise\b/i.test(system.name)) return "exercise";
  if (said === "reconstruction" || /\breconstruction\b/i.test(system.name)) return "reconstruction";
  return "simulation";
}
