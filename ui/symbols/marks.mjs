/** Marks beside the APP-6 frames: ends of tracks, alarm levels, sensors, reports, what is chosen. */

export const ALARMS = ["advisory", "caution", "warning"];
export const SITES = ["radar", "acoustic", "rf", "camera", "adsb", "remote_id", "person", "tracker"];

function stroked(path, colour, width, more = "") {
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"${more}/>`;
}

/** The same strokes twice: first wide in the colour of the ground, so that they stand off. */
function rimmed(path, colour, width, rim) {
  return stroked(path, rim, width + 2.6) + stroked(path, colour, width);
}

/** What became of a track. A cross says that it was found on the ground, and nothing else has one. */
export function outcomeCell(theme, state) {
  const { mark, rim } = theme;
  if (state === "lost") {
    return (
      `<circle r="11" fill="${rim}" fill-opacity="0.850"/>` +
      stroked("M-4 -3.500C-4 -8.800 4.200 -8.800 4.200 -3.600C4.200 -0.400 0 -0.600 0 2.800", theme.hollow, 2.6) +
      `<circle cy="7.200" r="1.700" fill="${theme.hollow}"/>`
    );
  }
  if (state === "left") return rimmed("M-8 6L7 -5M0 -6L7.500 -5.500L5.500 1.800M9 -11V11", mark, 2.2, rim);
  if (state === "down") return rimmed("M-7.500 -7.500L7.500 7.500M7.500 -7.500L-7.500 7.500", mark, 3, rim);
  return rimmed("M8 0A8 8 0 1 1 -8 0A8 8 0 1 1 8 0ZM-8 8L8 -8", mark, 1.6, rim);
}

const LEVEL_SHAPES = {
  // Sides: three for a warning, four for a caution, none for an advisory.
  warning: "M0 -8L8 6.500H-8Z",
  caution: "M0 -8L8 0L0 8L-8 0Z",
  advisory: "M6.500 0A6.500 6.500 0 1 1 -6.500 0A6.500 6.500 0 1 1 6.500 0Z",
};
const WAITING_SHAPES = {
  warning: "M0 -13.500L13.500 10H-13.500Z",
  caution: "M0 -13L13 0L0 13L-13 0Z",
  advisory: "M11 0A11 11 0 1 1 -11 0A11 11 0 1 1 11 0Z",
};

/** An alarm's level; a second line around it says that nobody acknowledged it yet. */
export function alarmCell(theme, level, waiting) {
  const [colour, on] = [theme[level], theme[`${level}On`]];
  const y = level === "warning" ? 1.2 : 0;
  const ring = waiting ? rimmed(WAITING_SHAPES[level], colour, 1.8, theme.rim) : "";
  const body = `<path d="${LEVEL_SHAPES[level]}" fill="${colour}" stroke="${theme.rim}" stroke-width="1.400" stroke-linejoin="round"/>`;
  const sign =
    level === "advisory"
      ? `<circle cy="-2.700" r="1.100" fill="${on}"/>` + stroked("M0 0V3.200", on, 1.9)
      : stroked(`M0 ${y - 3.6}V${y + 0.6}`, on, 1.9) + `<circle cy="${y + 3.4}" r="1.150" fill="${on}"/>`;
  return ring + body + sign;
}

const PICTOGRAMS = {
  radar: "M-4 3A6 6 0 0 1 3 -4M0 0L4 -4M0 0V4M-2.500 4H2.500",
  acoustic: "M-4 -1.500V1.500M-1.400 -4V4M1.400 -2.500V2.500M4 -1V1",
  rf: "M0 -1V5M-2.500 -1.500A3 3 0 0 1 2.500 -1.500M-5 -2.500A6 6 0 0 1 5 -2.500",
  camera: "M-5 -3H2.500V3H-5ZM2.500 -0.800L5 -2.600V2.600L2.500 0.800",
  adsb: "M0 -5V5M-5 1L0 -1.500L5 1M-2 4.500L0 3.400L2 4.500",
  remote_id: "M-4 -4H4V4H-4ZM-1.500 -1.500H1.500V1.500H-1.500Z",
  person: "M1.800 -2.800A1.800 1.800 0 1 1 -1.800 -2.800A1.800 1.800 0 1 1 1.800 -2.800ZM-4 5C-4 -0.500 4 -0.500 4 5",
  tracker: "M-5 3L-1.500 -1L1 1.500L5 -3.500M2.400 -3.800L5 -3.500L4.900 -0.900",
};

/** A sensor. One that is not heard is hollow, dashed and struck through: it sees for nobody. */
export function siteCell(theme, kind, look) {
  const box = `x="-8" y="-8" width="16" height="16" rx="3"`;
  const picture = (colour) => stroked(PICTOGRAMS[kind], colour, 1.5);
  if (look === "silent") {
    return (
      `<rect ${box} fill="${theme.rim}" fill-opacity="0.800" stroke="${theme.dead}" stroke-width="1.600" stroke-dasharray="3 2.200"/>` +
      picture(theme.dead) +
      rimmed("M-9.500 9.500L9.500 -9.500", theme.dead, 1.8, theme.rim)
    );
  }
  const notch =
    look === "degraded"
      ? `<path d="M2 -9.500H9.500V-2Z" fill="${theme.rim}"/>` +
        `<path d="M4.500 -9.500H9.500V-4.500Z" fill="${theme.caution}"/>`
      : "";
  return (
    `<rect ${box} fill="${theme.site}" stroke="${theme.rim}" stroke-width="1.600"/>` +
    picture(theme.siteOn) +
    notch
  );
}

/** What a person said: full when that person saw or heard it, hollow when it was told on. */
export function reportCell(theme, firstHand) {
  const bubble = "M-8 -8H8V4H0L-5 9V4H-8Z";
  const [fill, ink] = firstHand ? [theme.report, theme.reportOn] : ["none", theme.report];
  return (
    stroked(bubble, theme.rim, 4) +
    `<path d="${bubble}" fill="${firstHand ? fill : theme.rim}" fill-opacity="${firstHand ? 1 : 0.7}" stroke="${theme.report}" stroke-width="1.600" stroke-linejoin="round"${firstHand ? "" : ' stroke-dasharray="3 2"'}/>` +
    stroked("M-4 -4H4M-4 -0.500H1.500", ink, 1.5)
  );
}

/** Corners around what is chosen. */
export function chosenCell(theme) {
  const corners = "M-17 -9V-17H-9M9 -17H17V-9M17 9V17H9M-9 17H-17V9";
  return rimmed(corners, theme.chosen, 2.2, theme.rim);
}
