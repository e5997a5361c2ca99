/** English: the catalogue that all others follow, key by key. */

import { access } from "./access";
import { accounts } from "./accounts";
import { alarms } from "./alarms";
import { frame } from "./frame";
import { incidents } from "./incidents";
import { map } from "./map";
import { reports } from "./reports";
import { sensors } from "./sensors";
import { tracks } from "./tracks";

export const en = { ...frame, ...alarms, ...tracks, ...sensors, ...incidents, ...reports, ...access, ...accounts, ...map };
