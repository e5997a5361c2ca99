/** Lietuvių kalba: kiekvienas anglų katalogo raktas, o kur skaičiuojama – visos keturios formos. */

import { access } from "./access";
import { accounts } from "./accounts";
import { alarms } from "./alarms";
import { frame } from "./frame";
import { incidents } from "./incidents";
import { map } from "./map";
import { reports } from "./reports";
import { sensors } from "./sensors";
import { tracks } from "./tracks";

export const lt = { ...frame, ...alarms, ...tracks, ...sensors, ...incidents, ...reports, ...access, ...accounts, ...map };
