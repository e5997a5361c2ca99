/** What was lost a while ago, and that no alarm names: it keeps its mark and gives up its room. */

const LOST = 3;
/** For so long after it was last measured a lost track keeps area and label by itself. */
export const LOST_LATELY_S = 300;

export interface Lives {
  state: ArrayLike<number>;
  level: ArrayLike<number>;
  ageS: ArrayLike<number>;
}

/** Whether a row is only marked: the places where it may be would hide what flies now. */
export function isQuiet(frame: Lives, row: number): boolean {
  return (
    frame.state[row] === LOST && frame.level[row] === 0 && (frame.ageS[row] ?? 0) > LOST_LATELY_S
  );
}
