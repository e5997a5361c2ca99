/** Who is reading: decides units, the way coordinates are written, and which clock is large. */

export type ProfileName = "civil" | "aviation" | "nato";
export type CoordinateStyle = "decimal" | "dms" | "mgrs";
export type LargeClock = "local" | "zulu";

export interface UnitProfile {
  readonly name: ProfileName;
  readonly height: "m" | "ft";
  readonly speed: "km/h" | "kt";
  readonly distance: "km" | "NM";
  readonly coordinates: CoordinateStyle;
  readonly clock: LargeClock;
}

export const PROFILES: Readonly<Record<ProfileName, UnitProfile>> = {
  civil: {
    name: "civil",
    height: "m",
    speed: "km/h",
    distance: "km",
    coordinates: "decimal",
    clock: "local",
  },
  aviation: {
    name: "aviation",
    height: "ft",
    speed: "kt",
    distance: "NM",
    coordinates: "dms",
    clock: "zulu",
  },
  nato: {
    name: "nato",
    height: "ft",
    speed: "kt",
    distance: "km",
    coordinates: "mgrs",
    clock: "zulu",
  },
};

export const PROFILE_NAMES = Object.keys(PROFILES) as ProfileName[];

/** The profile of that name; civil protection for a name that is none. */
export function profileOf(name: string | undefined | null): UnitProfile {
  return PROFILES[name as ProfileName] ?? PROFILES.civil;
}
