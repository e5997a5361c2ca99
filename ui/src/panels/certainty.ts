/** Probabilities in words, so that "0.62" is not left to each reader. */

/** How sure it is that an object is there at all. */
export type RealWord = "sure" | "probable" | "likely" | "doubtful" | "unlikely" | "unknown";

/** The word for P(real): five bands; below a half it is doubtful and said so. */
export function realWord(existence: number): RealWord {
  if (!Number.isFinite(existence)) return "unknown";
  if (existence >= 0.95) return "sure";
  if (existence >= 0.8) return "probable";
  if (existence >= 0.5) return "likely";
  return existence >= 0.2 ? "doubtful" : "unlikely";
}
